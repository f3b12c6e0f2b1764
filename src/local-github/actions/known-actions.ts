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
  /** What else of its folder belongs to it. */
  companions: RegExp
  versionArgs: string[]
  /** The input that says which version is wanted; the one with `-file` behind it names a file that says so. */
  versionInput: string
  /** Names that it is also expected under, and what they stand for. */
  aliases: Record<string, string>
}

const python = {
  ...tool('Python', 'python3', 'python-version', /^(python|pip)[\d.]*$/),
  commands: ['python3', 'python'],
  aliases: { python: 'python3', pip: 'pip3' },
}

function tool(
  name: string,
  command: string,
  versionInput: string,
  companions: RegExp,
  versionArgs = ['--version'],
): Tool {
  return { name, commands: [command], companions, versionArgs, versionInput, aliases: {} }
}

const setups: Record<string, Tool> = {
  'actions/setup-node': tool('Node.js', 'node', 'node-version', /^(node|npm|npx|corepack)$/),
  'actions/setup-python': python,
  'actions/setup-go': tool('Go', 'go', 'go-version', /^(go|gofmt)$/, ['version']),
  'actions/setup-java': tool('Java', 'java', 'java-version', /^/, ['-version']),
  'actions/setup-dotnet': tool('.NET', 'dotnet', 'dotnet-version', /^dotnet$/),
  'ruby/setup-ruby': tool('Ruby', 'ruby', 'ruby-version', /^(ruby|gem|bundle|bundler|rake|irb|erb)$/),
  'shivammathur/setup-php': tool('PHP', 'php', 'php-version', /^(php|composer)$/),
  'pnpm/action-setup': tool('pnpm', 'pnpm', 'version', /^pnpx?$/),
  'oven-sh/setup-bun': tool('Bun', 'bun', 'bun-version', /^bunx?$/),
  'denoland/setup-deno': tool('Deno', 'deno', 'deno-version', /^deno$/),
  'astral-sh/setup-uv': tool('uv', 'uv', 'version', /^uvx?$/),
  'dtolnay/rust-toolchain': tool('Rust', 'cargo', 'toolchain', /^(cargo|rust|clippy)/),
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
