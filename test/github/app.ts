import { generateKeyPairSync } from 'node:crypto'
import nock from 'nock'
import { createGitHubApp, type GitHubApp } from '../../src/github/client.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

const API = 'https://api.github.example'

/** What GitHub would answer, written by hand: for failures, which the local GitHub does not have. */
export const github = () => nock(API)

export function testApp({ apiUrl = API, timeoutMs = 5_000 } = {}): GitHubApp {
  return createGitHubApp({ appId: 7, privateKey, apiUrl, userAgent: 'pawl', timeoutMs })
}

/** Answers requests for installation tokens, each with a token of its own; `asked` are the bodies of the requests. */
export function tokens(): { asked: unknown[] } {
  const asked: unknown[] = []
  github()
    .persist()
    .post('/app/installations/3/access_tokens')
    .reply(201, async (request: Request) => {
      asked.push(await request.json())
      return {
        token: `ghs_${asked.length}`,
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
        permissions: { contents: 'write' },
        repository_selection: 'selected',
      }
    })
  return { asked }
}
