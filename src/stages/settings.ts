import type { Config } from '../config.ts'
import { parseConfig } from '../config/parse.ts'
import type { ConfigFault } from '../config/yaml.ts'
import { createWords, type Words } from '../messages/words.ts'
import type { UpdateRequest } from '../model.ts'
import { deskOf, type Desk, type Services } from './services.ts'

/** Where a repository keeps its configuration; read from the default branch only. */
export const CONFIG_PATH = '.github/pawl.yml'

/** The configuration at a commit. Of a faulty one its sound sections stand beside the faults, so that people can be told. */
export type RepositorySettings = {
  config: Config
  canonical: string
  words: Words
  faults: ConfigFault[]
  text: string
}

async function settingsAt(desk: Desk, commit: string): Promise<RepositorySettings> {
  const text = (await desk.git.readText(commit, CONFIG_PATH)) ?? ''
  const parsed = parseConfig(text)
  const { config, canonical } = parsed.ok ? parsed : parsed.rest
  const words = createWords(config.theme, config.messages)
  return { config, canonical, words, faults: parsed.ok ? [] : parsed.faults, text }
}

/** The same at the head of a branch as it is on the server now. */
export async function settingsAtHead(desk: Desk, branch: string): Promise<RepositorySettings> {
  await desk.git.fetch()
  return settingsKnown(desk, branch)
}

/** The same at the head as it was fetched last, for the words of a message, which decide nothing. */
export async function settingsKnown(desk: Desk, branch: string): Promise<RepositorySettings> {
  const head = await desk.git.branch(branch)
  if (!head) throw new Error(`${desk.name} has no branch ${branch} with a commit: push one first.`)
  return settingsAt(desk, head.commit)
}

/** Everything a stage of an approved plan needs to know of its repository. */
export type Bench = Desk & Omit<RepositorySettings, 'faults' | 'text'>

/** The repository of a request with the configuration at a commit, usually the plan's base. */
export async function benchAt(services: Services, request: UpdateRequest, commit: string): Promise<Bench> {
  const desk = deskOf(services, request)
  const { config, canonical, words } = await settingsAt(desk, commit)
  return { ...desk, config, canonical, words }
}
