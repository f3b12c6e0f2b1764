// Runs in the sandbox, whose network has nothing but itself: takes what programs send to their proxy to the host's proxy, a
// socket in a directory that is shown here. Starts the command and ends as it ends; the sandbox ends with this process.
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { constants } from 'node:os'

const [port, socket, program, ...words] = process.argv.slice(2)

const server = createServer({ allowHalfOpen: true }, (client) => {
  const host = connect({ path: socket, allowHalfOpen: true })
  client.on('error', () => host.destroy())
  host.on('error', () => client.destroy())
  client.pipe(host).pipe(client)
})
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, words, { stdio: 'inherit' })
  child.on('error', (error) => {
    process.stderr.write(`${program}: ${error.message}\n`)
    process.exit(127)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
})
