/** What an action of the marketplace means on this machine. */
export type KnownAction =
  | { kind: 'checkout' }
  | { kind: 'setup'; tool: Tool }
  | { kind: 'cache' }
  | { kind: 'upload-artifact' }
  | { kind: 'download-artifact' }

/** A program that a setup action promises, and how this machine's own one is found and asked for its version. */
export interface Tool {
  /** As the log calls it. */
  name: string
  /** Names of the program on PATH, in order of preference. */
  commands: string[]
  versionArgs: string[]
  /** The input that says which version is wanted, and the one that names a file with it. */
  versionInput: string
  /** Names the program is also expected under. */
  aliases: Record<string, string>
}

const node: Tool = {
  name: 'Node.js',
  commands: ['node'],
  versionArgs: ['--version'],
  versionInput: 'node-version',
  aliases: {},
}
const python: Tool = {
  name: 'Python',
  commands: ['python3', 'python'],
  versionArgs: ['--version'],
  versionInput: 'python-version',
  aliases: { python: 'python3', pip: 'pip3' },
}

function tool(name: string, command: string, versionInput: string, versionArgs = ['--version']): Tool {
  return { name, commands: [command], versionArgs, versionInput, aliases: {} }
}

const setups: Record<string, Tool> = {
  'actions/setup-node': node,
  'actions/setup-python': python,
  'actions/setup-go': tool('Go', 'go', 'go-version', ['version']),
  'actions/setup-java': tool('Java', 'java', 'java-version', ['-version']),
  'actions/setup-dotnet': tool('.NET', 'dotnet', 'dotnet-version'),
  'ruby/setup-ruby': tool('Ruby', 'ruby', 'ruby-version'),
  'shivammathur/setup-php': tool('PHP', 'php', 'php-version'),
  'pnpm/action-setup': tool('pnpm', 'pnpm', 'version'),
  'oven-sh/setup-bun': tool('Bun', 'bun', 'bun-version'),
  'denoland/setup-deno': tool('Deno', 'deno', 'deno-version'),
  'astral-sh/setup-uv': tool('uv', 'uv', 'version'),
  'dtolnay/rust-toolchain': tool('Rust', 'cargo', 'toolchain'),
}

const others: Record<string, KnownAction> = {
  'actions/checkout': { kind: 'checkout' },
  'actions/cache': { kind: 'cache' },
  'actions/cache/restore': { kind: 'cache' },
  'actions/cache/save': { kind: 'cache' },
  'actions/upload-artifact': { kind: 'upload-artifact' },
  'actions/download-artifact': { kind: 'download-artifact' },
}

/** Reads `owner/name/path@ref`; null for an action that is not known here. The ref makes no difference. */
export function knownAction(uses: string): KnownAction | null {
  const name = (uses.split('@')[0] ?? '').toLowerCase()
  const setup = Object.hasOwn(setups, name) ? setups[name] : undefined
  if (setup !== undefined) return { kind: 'setup', tool: setup }
  return (Object.hasOwn(others, name) ? others[name] : undefined) ?? null
}

/** Why a step with this `uses` cannot run here, or null. */
export function unsupportedAction(uses: string): string | null {
  if (uses.startsWith('docker://')) {
    return `uses: ${uses} is not supported here: this runner starts no containers. Use a \`run\` step instead.`
  }
  if (knownAction(uses) !== null) return null
  const known = [...Object.keys(others), ...Object.keys(setups)].join(', ')
  return `uses: ${uses} is not supported here: this runner knows only ${known}. Use a \`run\` step instead.`
}
