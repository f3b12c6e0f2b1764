import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Html } from './html.ts'

/** A new nonce, fit for a header and an attribute. */
export const newNonce = (): string => randomBytes(16).toString('base64url')

const COMMON = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cache-control': 'no-store' }

/**
 * What a page may do: run the scripts and styles that this answer names, and no others; send forms only here; show images
 * of anybody, as comments may hold them. Diagrams are drawn in a frame, see diagram-frame.ts.
 */
function policyOf(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' http: https:`,
    `connect-src 'self'`,
    `frame-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

export function sendPage(response: ServerResponse, status: number, page: Html, nonce: string): void {
  const type = 'text/html; charset=utf-8'
  const headers = { ...COMMON, 'content-type': type, 'content-security-policy': policyOf(nonce), vary: 'x-part' }
  response.writeHead(status, headers).end(page.text)
}

/** A file of a repository, or a part of a diff: never something that a browser runs. */
export function sendFile(response: ServerResponse, content: Buffer | string, contentType: string): void {
  const policy = `default-src 'none'; sandbox`
  response.writeHead(200, { ...COMMON, 'content-type': contentType, 'content-security-policy': policy }).end(content)
}

/** Leads to another page with GET. Only a path on this server is followed. */
export function sendRedirect(response: ServerResponse, to: string, cookie: string | undefined): void {
  const here = 'http://here.invalid'
  const url = URL.parse(to, here)
  const location = url?.origin === here ? `${url.pathname.replace(/^\/+/, '/')}${url.search}${url.hash}` : '/'
  response.writeHead(303, { ...COMMON, location, ...(cookie === undefined ? {} : { 'set-cookie': cookie }) }).end()
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...COMMON, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

/** Names of this machine; another name that leads here is somebody else's trick (DNS rebinding). */
export function isThisMachine(request: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')
}

/** True when one of these pages sent the form: a browser names the page's origin, and a foreign page cannot forge it. */
export function isOwnForm(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host ?? ''}`
}
