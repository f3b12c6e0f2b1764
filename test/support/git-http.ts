import { execFileSync, spawn } from 'node:child_process'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** A request of git as it arrived; `token` is the password of its Basic header. */
export type GitHttpRequest = { path: string; user: string | null; token: string | null }

export type GitHttp = { url: string; requests: GitHttpRequest[]; close(): Promise<void> }

/** Serves the bare repositories below `root` with `git http-backend`; `judge` may hold a request, or refuse it with a status. */
export async function serveGit(
  root: string,
  judge: (request: GitHttpRequest) => number | Promise<number>,
): Promise<GitHttp> {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend')
  const requests: GitHttpRequest[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const asked = readRequest(request)
      requests.push(asked)
      const status = await judge(asked)
      if (status !== 200) {
        request.resume()
        response.writeHead(status, status === 401 ? { 'www-authenticate': 'Basic realm="git"' } : {}).end('No.')
        return
      }
      const cgi = spawn(backend, { env: environment(root, request), stdio: ['pipe', 'pipe', 'inherit'] })
      cgi.stdin.on('error', () => {})
      request.pipe(cgi.stdin)
      const output: Buffer[] = []
      cgi.stdout.on('data', (chunk: Buffer) => output.push(chunk))
      cgi.on('close', () => {
        const all = Buffer.concat(output)
        const end = all.indexOf('\r\n\r\n')
        const fields = all.subarray(0, end).toString().split('\r\n')
        const header = Object.fromEntries(fields.map((line) => line.split(/: (.*)/s).slice(0, 2)))
        response.writeHead(Number.parseInt(header['Status'] ?? '200', 10), header).end(all.subarray(end + 4))
      })
    })()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function readRequest({ url = '/', headers }: IncomingMessage): GitHttpRequest {
  const [, basic] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? []
  const [user = null, token = null] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString().split(':')
  return { path: url, user, token }
}

function environment(root: string, { url = '/', method, headers }: IncomingMessage): NodeJS.ProcessEnv {
  const { pathname, search } = new URL(url, 'http://localhost')
  return {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    PATH_INFO: pathname,
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    ...(headers['content-length'] !== undefined && { CONTENT_LENGTH: headers['content-length'] }),
    REMOTE_USER: 'app',
  }
}
