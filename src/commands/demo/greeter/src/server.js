import { createServer } from 'node:http'
import { greeting } from './greeting.js'
import { healthy } from './health.js'

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://greeter')
  if (url.pathname === '/health') {
    const ok = healthy()
    response.writeHead(ok ? 200 : 503).end(ok ? 'ok\n' : 'not well\n')
  } else if (url.pathname === '/hello') {
    response.writeHead(200).end(`${greeting(url.searchParams.get('name') ?? 'world')}\n`)
  } else {
    response.writeHead(404).end('not found\n')
  }
})

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1')
