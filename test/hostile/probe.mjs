// Runs in the sandbox as a recipe of a hostile repository: tries what must not be possible and writes down what came of it.
// What it writes must be the same each time, because a recipe's change is planned.
import { spawn, spawnSync } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'

const target = JSON.parse(readFileSync('tools/target.json', 'utf8'))

const attempt = (act) => {
  try {
    return { ok: true, value: act() }
  } catch (error) {
    return { ok: false, value: error.code ?? error.message }
  }
}
const succeeding = (names, act) => names.filter((name) => attempt(() => act(name)).ok)

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name))
const environments = processes().flatMap((pid) => {
  const read = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
  return read.ok ? read.value.split('\0').filter(Boolean) : []
})

const reach = (options) =>
  new Promise((resolve) => {
    const socket = connect(options)
    socket.on('connect', () => resolve('reached')).on('error', ({ code }) => resolve(code))
    socket.setTimeout(1_000, () => resolve('ETIMEDOUT'))
  })

const datagram = () =>
  new Promise((resolve) => {
    const socket = dgram.createSocket('udp4')
    socket.send('out', 53, '8.8.8.8', (error) => {
      socket.close()
      resolve(error?.code ?? 'sent')
    })
  })

const hostPaths = [
  target.data,
  target.canary,
  target.socket,
  '/etc/shadow',
  '/root',
  '/home',
  '/var',
  '/run',
  '/srv',
  '/mnt',
  '/proc/kcore',
  '/proc/kmsg',
  '/dev/mem',
]
const around = ['/proc/1/root', '/proc/self/root', '/proc/1/cwd/../..', '/repo/../..']
const status = readFileSync('/proc/self/status', 'utf8')

const report = {
  variables: [...new Set(environments.map((line) => line.split('=')[0]))].toSorted((a, b) => (a < b ? -1 : 1)),
  canaryInEnvironment: environments.some((line) => line.includes(target.secret)),
  commandLines: processes().some((pid) =>
    attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).value.includes(target.data),
  ),
  hostFiles: succeeding(hostPaths, (path) => attempt(() => readdirSync(path)).ok || readFileSync(path)),
  aroundTheRoot: around.flatMap((root) =>
    succeeding(
      [target.canary, '/etc/shadow'].map((path) => root + path),
      (path) => readFileSync(path),
    ),
  ),
  throughLinks: (() => {
    symlinkSync(target.canary, '/tmp/out')
    return succeeding(['/tmp/out'], (path) => readFileSync(path))
  })(),
  hardLinks: succeeding(['/usr/bin/env', '/etc/passwd', '/proc/self/exe'], (path) => linkSync(path, '/repo/src/hard')),
  writes: succeeding(['/x', '/usr/x', '/etc/x', '/opt/node/bin/node', '/dev/x', '/repo/../x', target.canary], (path) =>
    writeFileSync(path, 'x'),
  ),
  kernel: succeeding(
    ['/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sys/vm/drop_caches', '/proc/sysrq-trigger'],
    (path) => closeSync(openSync(path, 'r+')),
  ),
  otherProcesses: processes().filter(
    (pid) => attempt(() => readlinkSync(`/proc/${pid}/exe`)).value === target.program && pid !== String(process.pid),
  ).length,
  killed: succeeding([target.pid], (pid) => process.kill(pid, 0)),
  privileges: /CapEff:\s*(\w+)/.exec(status)[1] + ' ' + /NoNewPrivs:\s*(\d)/.exec(status)[1],
  commands: [
    'mount -t tmpfs none /mnt',
    'unshare --user true',
    'unshare --net true',
    'chroot / true',
    'mknod /tmp/disk b 254 0',
    'su -c true',
    'nsenter -t 1 -n true',
  ].filter(
    (line) => spawnSync(line.split(' ')[0], line.split(' ').slice(1), { stdio: 'ignore', timeout: 5_000 }).status === 0,
  ),
  loopback: await Promise.all(target.ports.map((port) => reach({ port, host: '127.0.0.1' }))),
  metadata: await reach({ port: 80, host: '169.254.169.254' }),
  abstractSocket: await reach({ path: `\0${target.abstract}` }),
  internet: await reach({ port: 443, host: '1.1.1.1' }),
  datagram: await datagram(),
  names: await new Promise((resolve) =>
    dns.lookup('example.com', (error) => resolve(error ? 'unresolved' : 'resolved')),
  ),
  interfaces: Object.keys(networkInterfaces()).filter((name) => name !== 'lo'),
  openFiles: (() => {
    const opened = []
    const { value } = attempt(() => {
      for (;;) opened.push(openSync('/dev/null'))
    })
    opened.forEach((file) => closeSync(file))
    return value
  })(),
}
mkdirSync('src', { recursive: true })
writeFileSync('src/report.json', `${JSON.stringify(report, null, 2)}\n`)
// A grandchild in a session of its own that would go on to write.
spawn('sh', ['-c', `: ${target.token}; sleep 1; while :; do echo x >> src/late; sleep 0.2; done`], {
  detached: true,
  stdio: 'ignore',
}).unref()
process.exit(0)
