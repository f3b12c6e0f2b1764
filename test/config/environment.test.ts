import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseEnvironment } from '../../src/config/environment.ts'

const KEY = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----'
const CREDENTIALS = { APP_ID: '7', PRIVATE_KEY: KEY, WEBHOOK_SECRET: 'hush' }

const NOTHING_LENT = {
  keys: [],
  servers: {
    anthropic: { api: 'anthropic', url: null, key: null },
    openai: { api: 'openai', url: null, key: null },
  },
}

function environment(variables: Record<string, string | undefined>) {
  const parsed = parseEnvironment(variables)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.environment
}
function faults(variables: Record<string, string>) {
  const parsed = parseEnvironment(variables)
  return parsed.ok ? [] : parsed.faults.map(({ name, message, remedy }) => `${name} ${message}: ${remedy}`)
}

test('nothing set is all defaults, without credentials', () => {
  expect(environment({ PATH: '/bin', APP_ID: ' ', DATABASE_URL: '' })).toEqual({
    credentials: null,
    github: { server: 'https://github.com', api: 'https://api.github.com' },
    webhookProxy: null,
    host: 'localhost',
    port: 3000,
    database: null,
    data: '.pawl',
    publicUrl: null,
    logLevel: 'info',
    timing: { poll: 300_000, backoff: 2_000, request: 10_000 },
    sandbox: {},
    agents: NOTHING_LENT,
    quota: { updates: null, tokens: null, usd: null },
  })
})

test('every variable is read', () => {
  expect(
    environment({
      ...CREDENTIALS,
      WEBHOOK_PROXY_URL: 'https://smee.example/x',
      HOST: '::1',
      PORT: '0',
      DATABASE_URL: 'postgres://db/pawl',
      PAWL_DATA: '/data',
      PAWL_URL: 'https://pawl.example/',
      LOG_LEVEL: 'debug',
      PAWL_POLL: '1m',
      PAWL_BACKOFF: '1s',
      PAWL_REQUEST_TIMEOUT: '5s',
      PAWL_SANDBOX_MEMORY: '1GB',
      PAWL_SANDBOX_DISK: '2GB',
      PAWL_SANDBOX_PROCESSES: '200',
      PAWL_DAILY_UPDATES: '20',
      PAWL_DAILY_TOKENS: '1000000',
      PAWL_DAILY_USD: '2.50',
      GITHUB_SERVER_URL: 'https://git.example/',
    }),
  ).toEqual({
    credentials: { appId: 7, privateKey: { pem: KEY }, webhookSecret: 'hush' },
    github: { server: 'https://git.example', api: 'https://git.example/api/v3' },
    webhookProxy: 'https://smee.example/x',
    host: '::1',
    port: 0,
    database: 'postgres://db/pawl',
    data: '/data',
    publicUrl: 'https://pawl.example',
    logLevel: 'debug',
    timing: { poll: 60_000, backoff: 1_000, request: 5_000 },
    sandbox: { total: 1024 ** 3, disk: 2 * 1024 ** 3, processes: 200 },
    agents: NOTHING_LENT,
    quota: { updates: 20, tokens: 1_000_000, usd: 2.5 },
  })
})

test('agents are lent keys, each for one server, and servers that have models', () => {
  const { agents } = environment({
    PAWL_AGENT_ENV: 'OPENAI_API_KEY@api.openai.com, LOCAL_KEY@http://127.0.0.1:8080/',
    OPENAI_API_KEY: 'sk-1',
    ANTHROPIC_API_KEY: 'sk-2',
    PAWL_MODEL_MY_OLLAMA_URL: 'http://127.0.0.1:11434/v1',
  })
  expect(agents).toEqual({
    keys: [
      { name: 'OPENAI_API_KEY', origin: 'https://api.openai.com', value: 'sk-1' },
      { name: 'LOCAL_KEY', origin: 'http://127.0.0.1:8080', value: null },
    ],
    servers: {
      anthropic: { api: 'anthropic', url: null, key: 'sk-2' },
      openai: { api: 'openai', url: null, key: 'sk-1' },
      'my-ollama': { api: 'compatible', url: 'http://127.0.0.1:11434/v1', key: null },
    },
  })
  expect(faults({ PAWL_AGENT_ENV: 'OPENAI_API_KEY' })[0]).toContain(
    'PAWL_AGENT_ENV must list variables with the server',
  )
  expect(faults({ PAWL_MODEL_X_URL: 'localhost' })[0]).toContain('PAWL_MODEL_X_URL must be an address')
})

test('a private key may be written on one line, or lie in a file', () => {
  const oneLine = environment({ ...CREDENTIALS, PRIVATE_KEY: KEY.replaceAll('\n', '\\n') })
  expect(oneLine.credentials?.privateKey).toEqual({ pem: KEY })
  const { credentials } = environment({ APP_ID: '7', WEBHOOK_SECRET: 'x', PRIVATE_KEY_PATH: '/key.pem' })
  expect(credentials?.privateKey).toEqual({ path: '/key.pem' })
})

test.each([
  ['https://github.com', {}],
  ['https://github.com', { GITHUB_SERVER_URL: 'https://github.com' }],
  ['https://ghe.example', { GHE_HOST: 'ghe.example' }],
  ['http://127.0.0.1:3001', { GHE_HOST: '127.0.0.1:3001', GHE_PROTOCOL: 'http' }],
  ['https://ghe.example', { GHE_HOST: 'ghe.example', GITHUB_SERVER_URL: 'https://ghe.example/' }],
])('the server is %s with %j', (server, variables) => {
  const api = server === 'https://github.com' ? 'https://api.github.com' : `${server}/api/v3`
  expect(environment(variables).github).toEqual({ server, api })
})

test('every fault is told at once, and no value is repeated', () => {
  const told = faults({
    APP_ID: 'my-app',
    PRIVATE_KEY: 'hush-hush',
    WEBHOOK_PROXY_URL: 'smee',
    PORT: '123456',
    DATABASE_URL: 'mysql://x',
    GITHUB_SERVER_URL: 'https://git.example/api/v3',
    GHE_HOST: 'a b',
    GHE_PROTOCOL: 'ftp',
    LOG_LEVEL: 'loud',
    PAWL_URL: 'pawl',
    PAWL_POLL: '5',
    PAWL_BACKOFF: 'x',
    PAWL_REQUEST_TIMEOUT: '1 s',
    PAWL_SANDBOX_MEMORY: '1',
    PAWL_SANDBOX_DISK: 'much',
    PAWL_SANDBOX_PROCESSES: '0',
    PAWL_DAILY_UPDATES: 'many',
    PAWL_DAILY_TOKENS: '-1',
    PAWL_DAILY_USD: '5 USD',
  })
  expect(new Set(told.map((line) => line.split(' ', 1)[0]))).toEqual(
    new Set([
      'APP_ID',
      'DATABASE_URL',
      'GHE_HOST',
      'GHE_PROTOCOL',
      'GITHUB_SERVER_URL',
      'LOG_LEVEL',
      'PAWL_BACKOFF',
      'PAWL_DAILY_TOKENS',
      'PAWL_DAILY_UPDATES',
      'PAWL_DAILY_USD',
      'PAWL_POLL',
      'PAWL_REQUEST_TIMEOUT',
      'PAWL_SANDBOX_DISK',
      'PAWL_SANDBOX_MEMORY',
      'PAWL_SANDBOX_PROCESSES',
      'PAWL_URL',
      'PORT',
      'PRIVATE_KEY',
      'WEBHOOK_PROXY_URL',
    ]),
  )
  expect(told.join('\n')).not.toContain('hush')
  expect(told.every((line) => /: \S/.test(line))).toBe(true)
})

test.each([
  [{ APP_ID: '7' }, ['PRIVATE_KEY', 'WEBHOOK_SECRET']],
  [{ PRIVATE_KEY: KEY, WEBHOOK_SECRET: 'x' }, ['APP_ID']],
  [{ ...CREDENTIALS, PRIVATE_KEY_PATH: '/key.pem' }, ['PRIVATE_KEY']],
  [{ PORT: '65536' }, ['PORT']],
  [{ GHE_PROTOCOL: 'http' }, ['GHE_PROTOCOL']],
  [{ GHE_HOST: 'a.example', GITHUB_SERVER_URL: 'https://b.example' }, ['GHE_HOST']],
])('%j has a fault in %j', (variables, names) => {
  expect(faults(variables).map((line) => line.split(' ', 1)[0])).toEqual(names)
})

test('the manual names every variable', () => {
  const source = readFileSync(new URL('../../src/config/environment.ts', import.meta.url), 'utf8')
  const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(15)
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  expect(names.filter((name) => !manual.includes(`\`${name}\``))).toEqual([])
})
