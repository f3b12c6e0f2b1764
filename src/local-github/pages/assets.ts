import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerResponse } from 'node:http'

import { html } from './html.ts'
import { newNonce } from './respond.ts'

const own = (name: string): string => join(import.meta.dirname, 'browser', name)

/** Files that pages ask for, and where they lie. Mermaid comes from its package, so no page needs another server. */
const FILES: Readonly<Record<string, () => string>> = {
  'icon.svg': () => own('icon.svg'),
  'base.css': () => own('base.css'),
  'conversation.css': () => own('conversation.css'),
  'code.css': () => own('code.css'),
  'refresh.js': () => own('refresh.js'),
  'diagrams.js': () => own('diagrams.js'),
  'lines.js': () => own('lines.js'),
  'diagram-frame.js': () => own('diagram-frame.js'),
  'mermaid.js': () => fileURLToPath(import.meta.resolve('@mermaid-js/tiny')),
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Answers when the path is that of an asset or of the frame in which a diagram is drawn. */
export function sendAsset(response: ServerResponse, path: string): boolean {
  if (path === '/_diagram') {
    sendDiagramFrame(response)
    return true
  }
  const name = /^\/_assets\/([\w.-]+)$/.exec(path)?.[1]
  const file = name === undefined || !Object.hasOwn(FILES, name) ? undefined : FILES[name]
  if (file === undefined) return false
  response.writeHead(200, {
    'content-type': TYPES[extname(name ?? '')] ?? 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    // Mermaid is large and every diagram has its own frame.
    'cache-control': name === 'mermaid.js' ? 'max-age=3600' : 'no-cache',
  })
  response.end(readFileSync(file()))
  return true
}

/**
 * A document that draws one diagram, whose text it is told by the page around it. It has an origin of its own: whatever a
 * text makes Mermaid do there, it reaches neither the page nor this server. Only here are inline styles allowed, which
 * Mermaid needs.
 */
function sendDiagramFrame(response: ServerResponse): void {
  const nonce = newNonce()
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'unsafe-inline'`,
    `frame-ancestors 'self'`,
    `sandbox allow-scripts`,
  ].join('; ')
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <title>Diagram</title>
        <style>
          html {
            overflow-y: hidden;
          }
          body {
            margin: 0;
            font-family: system-ui, sans-serif;
          }
          svg {
            display: block;
            margin: auto;
          }
        </style>
        <script src="/_assets/mermaid.js" nonce="${nonce}"></script>
      </head>
      <body>
        <div id="place"></div>
        <script src="/_assets/diagram-frame.js" nonce="${nonce}"></script>
      </body>
    </html> `
  const headers = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' }
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
  })
  response.end(page.text)
}
