import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'

type Call = { tool: string; input: unknown }

/** What a model says in one turn, or what its server does instead. */
export type Turn =
  | { say?: string; calls?: Call[]; usage?: Usage }
  /** Arguments as they are on the wire, which need not be JSON. */
  | { raw: { tool: string; input: string } }
  | { refuse: string }
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | { stall: true }
  /** Says this much and breaks the connection off. */
  | { cutOff: string }

type Usage = { input: number; output: number; cacheRead?: number; cacheWrite?: number }

export type Asked = { path: string; headers: Record<string, unknown>; body: Record<string, unknown> }

/** A server with one model that plays a script, the last turn again and again; `asked` is what it was asked. */
export type ModelServer = { url: string; asked: Asked[]; close(): Promise<void> }

/**
 * Speaks the streaming protocols of Anthropic (`/v1/messages`) and of OpenAI (`/v1/responses`, `/v1/chat/completions`), as
 * their documentation describes them.
 */
export async function startModelServer(script: Turn[]): Promise<ModelServer> {
  const asked: Asked[] = []
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    const body = (await json(request)) as Record<string, unknown>
    const turn = script[Math.min(asked.length, script.length - 1)] ?? { say: '' }
    asked.push({ path, headers: request.headers, body })
    if ('status' in turn) {
      response.writeHead(turn.status, { 'content-type': 'application/json', ...turn.headers })
      response.end(JSON.stringify(turn.body ?? { error: { type: 'error', message: `status ${turn.status}` } }))
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if ('stall' in turn) {
      response.flushHeaders()
      return
    }
    const events = path.endsWith('/messages')
      ? anthropic(turn)
      : path.endsWith('/responses')
        ? responses(turn)
        : chat(turn)
    for (const event of events) {
      const named = typeof event === 'object' && 'type' in event ? `event: ${String(event.type)}\n` : ''
      response.write(`${named}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    }
    if ('cutOff' in turn) response.socket?.destroySoon()
    else response.end()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Spoken = {
  text: string
  calls: { name: string; input: string }[]
  usage: Usage
  end: 'stop' | 'tools' | 'refusal' | null
}

function spoken(turn: Exclude<Turn, { status: number } | { stall: true }>): Spoken {
  const usage = { input: 100, output: 20 }
  if ('refuse' in turn) return { text: turn.refuse, calls: [], usage, end: 'refusal' }
  if ('cutOff' in turn) return { text: turn.cutOff, calls: [], usage, end: null }
  if ('raw' in turn) return { text: '', calls: [{ name: turn.raw.tool, input: turn.raw.input }], usage, end: 'tools' }
  const calls = (turn.calls ?? []).map(({ tool, input }) => ({ name: tool, input: JSON.stringify(input) }))
  return { text: turn.say ?? '', calls, usage: turn.usage ?? usage, end: calls.length > 0 ? 'tools' : 'stop' }
}

type Speakable = Parameters<typeof spoken>[0]

let ids = 0
const newId = (kind: string) => `${kind}_${++ids}`

function* anthropic(turn: Speakable): Iterable<object> {
  const { text, calls, usage, end } = spoken(turn)
  const cache = { cache_read_input_tokens: usage.cacheRead ?? 0, cache_creation_input_tokens: usage.cacheWrite ?? 0 }
  const input = { input_tokens: usage.input, ...cache }
  const about = { id: newId('msg'), type: 'message', role: 'assistant', model: 'scripted', content: [] }
  yield {
    type: 'message_start',
    message: { ...about, stop_reason: null, stop_sequence: null, usage: { ...input, output_tokens: 1 } },
  }
  let index = 0
  if (text !== '') {
    yield { type: 'content_block_start', index, content_block: { type: 'text', text: '' } }
    yield { type: 'content_block_delta', index, delta: { type: 'text_delta', text } }
    if (end === null) return
    yield { type: 'content_block_stop', index }
    index++
  }
  for (const { name, input: given } of calls) {
    yield {
      type: 'content_block_start',
      index,
      content_block: { type: 'tool_use', id: newId('toolu'), name, input: {} },
    }
    yield { type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: given } }
    yield { type: 'content_block_stop', index }
    index++
  }
  const reason = { stop: 'end_turn', tools: 'tool_use', refusal: 'refusal' }[end ?? 'stop']
  yield {
    type: 'message_delta',
    delta: { stop_reason: reason, stop_sequence: null },
    usage: { output_tokens: usage.output },
  }
  yield { type: 'message_stop' }
}

function* responses(turn: Speakable): Iterable<object> {
  const { text, calls, usage, end } = spoken(turn)
  const response = { id: newId('resp'), object: 'response', created_at: 1_700_000_000, model: 'scripted', output: [] }
  let number = 0
  const numbered = (event: object) => ({ ...event, sequence_number: number++ })
  yield numbered({ type: 'response.created', response: { ...response, status: 'in_progress' } })
  let at = 0
  if (text !== '') {
    const item = { id: newId('msg'), type: 'message', role: 'assistant', status: 'in_progress', content: [] }
    yield numbered({ type: 'response.output_item.added', output_index: at, item })
    const kind = end === 'refusal' ? 'refusal' : 'output_text'
    const where = { item_id: item.id, output_index: at, content_index: 0 }
    yield numbered({
      type: `response.${kind}.delta`,
      ...where,
      delta: text,
      ...(kind === 'refusal' ? {} : { logprobs: [] }),
    })
    if (end === null) return
    if (kind === 'refusal') yield numbered({ type: 'response.refusal.done', ...where, refusal: text })
    const content = kind === 'refusal' ? { type: kind, refusal: text } : { type: kind, text, annotations: [] }
    const done = { ...item, status: 'completed', content: [content] }
    yield numbered({ type: 'response.output_item.done', output_index: at, item: done })
    at++
  }
  for (const { name, input } of calls) {
    const item = {
      id: newId('fc'),
      type: 'function_call',
      call_id: newId('call'),
      name,
      arguments: '',
      status: 'in_progress',
    }
    yield numbered({ type: 'response.output_item.added', output_index: at, item })
    const delta = { item_id: item.id, output_index: at, delta: input }
    yield numbered({ type: 'response.function_call_arguments.delta', ...delta })
    const done = { ...item, arguments: input, status: 'completed' }
    yield numbered({ type: 'response.output_item.done', output_index: at, item: done })
    at++
  }
  const counted = {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input + usage.output,
  }
  yield numbered({ type: 'response.completed', response: { ...response, status: 'completed', usage: counted } })
}

function* chat(turn: Speakable): Iterable<object | string> {
  const { text, calls, usage, end } = spoken(turn)
  const about = { id: newId('chatcmpl'), object: 'chat.completion.chunk', created: 1_700_000_000, model: 'scripted' }
  const chunk = (delta: object, finish: string | null = null) => {
    return { ...about, choices: [{ index: 0, delta, finish_reason: finish }] }
  }
  yield chunk({ role: 'assistant', content: '' })
  if (text !== '') yield chunk({ content: text })
  if (end === null) return
  for (const [index, { name, input }] of calls.entries()) {
    const called = { index, id: newId('call'), type: 'function' }
    yield chunk({ tool_calls: [{ ...called, function: { name, arguments: '' } }] })
    yield chunk({ tool_calls: [{ index, function: { arguments: input } }] })
  }
  yield chunk({}, { stop: 'stop', tools: 'tool_calls', refusal: 'content_filter' }[end])
  const total = {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
  }
  yield { ...about, choices: [], usage: { ...total, prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0 } } }
  yield '[DONE]'
}
