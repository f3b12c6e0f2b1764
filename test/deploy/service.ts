import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A small service as a repository would have it: it says its version and ends gracefully. */
const server = `
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
const version = readFileSync('version', 'utf8')
const kind = readFileSync('kind', 'utf8')
if (kind === 'ends') { console.log('no such table'); process.exit(1) }
const server = createServer((request, response) => {
  const sick = kind === 'sick' || (kind === 'late' && !existsSync('healthy'))
  if (request.url === '/health') response.writeHead(sick ? 500 : 200).end()
  else if (request.url === '/slow') setTimeout(() => response.end(version), 300)
  else response.end(JSON.stringify({ version, env: process.env, pid: process.pid }))
}).listen(Number(process.env.PORT), 'localhost', () => console.log('listens'))
process.on('SIGTERM', () => {
  if (kind === 'stubborn') return
  console.log('drains')
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
`

/** Writes the commit `<kind>-<number>` of the service; kinds are good, ends, sick, stubborn, and late: sick until told otherwise. */
export async function checkOut(sha: string, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'server.mjs'), server)
  await writeFile(join(dir, 'version'), sha)
  await writeFile(join(dir, 'kind'), sha.split('-')[0] ?? '')
}

/** What the service of a slot has printed so far. */
export async function logged(home: string, slot: string): Promise<string> {
  return readFile(join(home, `${slot}.log`), 'utf8').catch(() => '')
}
