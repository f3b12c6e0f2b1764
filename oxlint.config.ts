import { defineConfig, type OxlintOverride } from 'oxlint'

/** What a room may import: rooms of ours by their name below `src`, and of the packages that reach outside its own only. */
type Room = { imports: string[]; clients?: string[]; node?: false }

const BASE = ['model.ts', 'config.ts', 'config', 'model']
const EFFECTS = ['agents', 'audit', 'deploy', 'git', 'github', 'graph', 'health', 'sandbox', 'validators']
const PURE = ['messages', 'planning', 'policy']

/**
 * The floors of ARCHITECTURE.md: imports go down only. `engine.ts` and the folder `engine` are one room, and so are the
 * other pairs of that kind. test/frame/floors.test.ts plants every import that is not allowed here and sees it refused.
 */
const rooms: Record<string, Room> = {
  // Floor 1: the commands sit on everything and alone know the embedded GitHub; main wires the app.
  cli: { imports: ['commands'] },
  commands: {
    imports: [...BASE, ...EFFECTS, ...PURE, 'stages', 'database', 'web', 'main.ts', 'main', 'local-github'],
    clients: ['@octokit/rest', 'pg', 'probot'],
  },
  main: {
    imports: [
      ...BASE,
      ...EFFECTS,
      ...PURE,
      'stages',
      'pipeline.ts',
      'pipeline',
      'database',
      'engine.ts',
      'web',
      'webhooks.ts',
    ],
    clients: ['pg', 'pino', 'probot', 'smee-client'],
  },
  // Floor 2: what comes in from outside.
  webhooks: { imports: ['model.ts', 'model', 'pipeline'], clients: ['probot'], node: false },
  web: { imports: BASE, clients: ['@octokit/webhooks-methods'] },
  // Floor 3: the story, which alone drives the engine, and its stages.
  pipeline: { imports: [...BASE, ...PURE, 'stages', 'engine.ts'] },
  stages: { imports: [...BASE, ...EFFECTS, ...PURE] },
  // Floor 4, effects: each has its client alone and knows neither the others nor the judges.
  audit: { imports: BASE, clients: ['pg'] },
  database: { imports: BASE, clients: ['pg'] },
  engine: { imports: ['model.ts'], clients: ['@dbos-inc/dbos-sdk', 'pg'] },
  git: { imports: BASE, clients: ['simple-git'] },
  github: {
    imports: BASE,
    clients: ['@octokit/auth-app', '@octokit/request', '@octokit/request-error', '@octokit/rest'],
  },
  graph: { imports: BASE },
  health: { imports: BASE },
  sandbox: { imports: BASE },
  agents: {
    imports: [...BASE, 'sandbox'],
    clients: ['@ai-sdk/anthropic', '@ai-sdk/openai', '@ai-sdk/openai-compatible', 'ai'],
  },
  deploy: { imports: [...BASE, 'sandbox'] },
  validators: { imports: [...BASE, 'sandbox'] },
  // Floor 4, pure: facts in, values out; no client, nothing of Node, no clock.
  messages: { imports: [...BASE, 'planning'], node: false },
  planning: { imports: BASE, node: false },
  policy: { imports: BASE, node: false },
  // Floor 5.
  config: { imports: ['model.ts', 'model'], node: false },
  model: { imports: [], node: false },
  // Apart from them all: it could be a package of its own.
  'local-github': { imports: [] },
}

/** Packages that reach a network, a database or a process. */
const CLIENTS = [
  '@ai-sdk/anthropic',
  '@ai-sdk/openai',
  '@ai-sdk/openai-compatible',
  '@dbos-inc/dbos-sdk',
  '@octokit/auth-app',
  '@octokit/request',
  '@octokit/request-error',
  '@octokit/rest',
  '@octokit/webhooks-methods',
  'ai',
  'pg',
  'pino',
  'probot',
  'simple-git',
  'smee-client',
]

const pathOf = (room: string) => (room.endsWith('.ts') ? room : `${room}/**`)

/** One entry for each depth of folder, because an import says how far it goes up. */
function floorsOf([name, { imports, clients = [], node }]: [string, Room]): OxlintOverride[] {
  const own = [`${name}.ts`, name]
  const refused = CLIENTS.filter((client) => !clients.includes(client))
  const packages = [`(${refused.join('|')})(/.*)?$`, ...(node === false ? ['node:'] : [])]
  const places = [
    { files: [`src/${name}.ts`], up: './' },
    { files: [`src/${name}/*.ts`], up: '../' },
    { files: [`src/${name}/*/*.ts`], up: '../../' },
    { files: [`src/${name}/*/*/*.ts`], up: '../../../' },
  ]
  return places.map(({ files, up }) => ({
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [`${up}**`, ...[...imports, ...own].map((room) => `!${up}${pathOf(room)}`)],
              message: 'Imports go down the floors only: see ARCHITECTURE.md.',
            },
            { regex: `^(${packages.join('|')})`, message: 'This room does without it: see ARCHITECTURE.md.' },
          ],
        },
      ],
    },
  }))
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'vitest'],
  categories: { correctness: 'error' },
  rules: {
    // Assertions that several tests share are functions named expectSomething.
    'vitest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expectStopped', 'expectRestored'] }],
    'import/no-cycle': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    'no-var': 'error',
    'prefer-const': 'error',
  },
  // The sample service of the demo stands for somebody else's code.
  ignorePatterns: ['src/commands/demo/greeter'],
  overrides: [
    ...Object.entries(rooms).flatMap(floorsOf),
    {
      // Pure rooms are told the time, and roll no dice.
      files: ['src/{config,model}.ts', 'src/{config,messages,planning,policy}/**'],
      rules: {
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now' },
          { object: 'Math', property: 'random' },
        ],
        'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch', 'performance', 'setTimeout', 'setInterval'],
      },
    },
    { files: ['src/**'], rules: { 'max-lines': ['error', { max: 300, skipComments: true, skipBlankLines: true }] } },
  ],
})
