// Runs in the sandbox as a recipe that may reach one host, and tries to reach others through its proxy. What it writes must be
// the same each time.
import { connect } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'

const { listed, hidden } = JSON.parse(readFileSync('tools/target.json', 'utf8'))
const proxy = new URL(process.env.HTTP_PROXY)

const get = (url, init) =>
  fetch(url, init).then(
    async (answer) => `${answer.status} ${(await answer.text()).split('\n')[0]}`,
    () => 'failed',
  )

/** What the proxy answers to a line of our own making. */
const say = (text) =>
  new Promise((resolve) => {
    let said = ''
    const socket = connect(Number(proxy.port), proxy.hostname, () => socket.write(text))
    socket.on('data', (chunk) => (said += chunk)).on('error', () => {})
    socket.on('close', () => resolve(said.split('\r\n')[0]))
    socket.setTimeout(3_000, () => socket.destroy())
  })
const tunnel = (to) => say(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n\r\n`)

const port = new URL(`http://${hidden}`).port
const report = {
  listed: await get(`http://${listed}/plain`),
  other: await get(`http://${hidden}/plain`),
  redirected: await get(`http://${listed}/redirect`),
  metadata: await get('http://169.254.169.254/latest/meta-data/'),
  tunnels: await Promise.all(
    [
      hidden,
      `localhost:${port}`,
      `[::1]:${port}`,
      `2130706433:${port}`,
      `0x7f.1:${port}`,
      '169.254.169.254:80',
      'example.com:443',
      `${listed}@${hidden}`,
    ].map(tunnel),
  ),
  forgedHost: await say(`GET http://${hidden}/plain HTTP/1.1\r\nhost: ${listed}\r\nconnection: close\r\n\r\n`),
  smuggled: await say(
    `GET http://${listed}/plain HTTP/1.1\r\nhost: ${hidden}\r\nx-forwarded-host: ${hidden}\r\nconnection: close\r\n\r\n`,
  ),
}
writeFileSync('src/network.json', `${JSON.stringify(report, null, 2)}\n`)
process.exit(0)
