import { withGitHub, type Fixture } from '../fixture.ts'

export interface Answered {
  status: number
  headers: Headers
  text: string
}

/** Somebody at the pages without a browser: keeps the cookie, follows nothing. */
export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Answered>
  /** Sends a form as a browser does from a page of this server; `headers` may say otherwise. */
  send(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answered>
  actAs(login: string): Promise<void>
}

export function visitorOf(url: string): Visitor {
  let cookie = ''
  async function request(path: string, init: RequestInit): Promise<Answered> {
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string>) }
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const send: Visitor['send'] = (path, fields, headers = {}) =>
    request(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin: url, ...headers } })
  return {
    get: (path, headers = {}) => request(path, { headers }),
    send,
    async actAs(login) {
      const { headers } = await send('/_acting-as', { login, back: '/' })
      cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    },
  }
}

/** A story at the pages of octo/demo, which is empty; ann may write there. */
export async function withPages(
  story: (at: Fixture & { visitor: Visitor }) => Promise<void>,
  options: Parameters<typeof withGitHub>[1] = {},
): Promise<void> {
  await withGitHub(async (fixture) => {
    const { github } = fixture
    await github.addRepository('octo/demo')
    await github.addUser('ann')
    await github.setCollaborator('octo/demo', 'ann', 'write')
    await story({ ...fixture, visitor: visitorOf(github.url) })
  }, options)
}

/** The text of an element with this id, up to the next element with one. */
export function partOf(page: string, id: string): string {
  const from = page.indexOf(`id="${id}"`)
  if (from < 0) throw new Error(`the page has no part '${id}'`)
  const to = page.indexOf(' id="', from + 1)
  return page.slice(from, to < 0 ? undefined : to)
}
