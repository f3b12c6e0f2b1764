import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModel } from 'ai'
import type { ModelServer } from '../../config/agent-environment.ts'

/** A model, how it is to be called, and the key that must not be seen in what is told of it. */
export type Model = { model: LanguageModel; settings: typeof ANTHROPIC | Record<never, never>; key: string | null }

export type ChosenModel = ({ ok: true } & Model) | { ok: false; reason: string; remedy: string }

/** Prompts are cached, and there is room for a whole file: the package allows a model that it does not know very little. */
const ANTHROPIC = {
  maxOutputTokens: 16_000,
  providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
}

// Warnings of the packages, such as of a model that they do not know, are not for people who read this app's log.
globalThis.AI_SDK_LOG_WARNINGS = false

/**
 * The model that `provider:model` names. Keys and addresses are handed in and never looked for in the environment: the
 * packages would find there what is meant for another purpose.
 */
export function chooseModel(name: string, servers: Record<string, ModelServer>): ChosenModel {
  const [provider = '', ...rest] = name.split(':')
  const id = rest.join(':')
  const server = Object.hasOwn(servers, provider) ? servers[provider] : undefined
  if (server === undefined) {
    const variable = `PAWL_MODEL_${provider.toUpperCase().replaceAll('-', '_')}_URL`
    const remedy = `Use one of ${Object.keys(servers).join(', ')}, or have the operator of the app set ${variable}.`
    return { ok: false, reason: `there is no server called ${provider}`, remedy }
  }
  const { api, url, key } = server
  if (api === 'compatible') {
    const settings = {
      name: provider,
      baseURL: url ?? '',
      includeUsage: true,
      ...(key === null ? {} : { apiKey: key }),
    }
    return { ok: true, model: createOpenAICompatible(settings)(id), settings: {}, key }
  }
  if (key === null) {
    const variable = `${provider.toUpperCase()}_API_KEY`
    const remedy = `Have the operator of the app set ${variable} in its environment.`
    return { ok: false, reason: `${variable} is not set in the app’s environment`, remedy }
  }
  if (api === 'anthropic') {
    const model = createAnthropic({ apiKey: key, baseURL: url ?? 'https://api.anthropic.com/v1' })(id)
    return { ok: true, model, settings: ANTHROPIC, key }
  }
  return {
    ok: true,
    model: createOpenAI({ apiKey: key, baseURL: url ?? 'https://api.openai.com/v1' })(id),
    settings: {},
    key,
  }
}
