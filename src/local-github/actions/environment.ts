import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'

/** What a step gets of the host's environment besides PATH: the way out of the machine, and where its tools live. */
const passed = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
  'AWS_CA_BUNDLE',
  'JAVA_HOME',
  'GOROOT',
  'TZ',
  'GOPROXY',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
]

/** Tools that find themselves through the user's home, which a job does not have. */
const toolHomes = { RUSTUP_HOME: '.rustup', PYENV_ROOT: '.pyenv', NVM_DIR: '.nvm', RBENV_ROOT: '.rbenv' }

/** Where a job's own installations go, below its home; a hosted runner has them on PATH too. */
const installed = ['.npm-global/bin', '.local/bin', '.cargo/bin', 'go/bin']

/** The environment that every step of a job starts from; nothing of the host's process but what is named here. */
export function baseEnvironment(home: string): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: [...installed.map((folder) => join(home, folder)), ...hostPath()].join(delimiter),
    HOME: home,
    USER: process.env['USER'] ?? 'runner',
    SHELL: '/bin/bash',
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    CI: 'true',
  }
  for (const name of passed) {
    const value = process.env[name]
    if (value !== undefined) environment[name] = value
  }
  for (const [name, folder] of Object.entries(toolHomes)) {
    const value = process.env[name] ?? join(homedir(), folder)
    if (existsSync(value)) environment[name] = value
  }
  return environment
}

/**
 * The folders of the host's PATH. `node_modules/.bin` is there when npm started the host: its tools belong to the host
 * and not to a runner, but its node is the node that this machine uses.
 */
export function hostPath(): string[] {
  const folders = (process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter).filter(Boolean)
  const own = folders.flatMap((folder) => {
    if (basename(folder) === 'node-gyp-bin') return []
    if (!folder.endsWith(join('node_modules', '.bin'))) return [folder]
    const node = join(folder, 'node')
    return existsSync(node) ? [dirname(realpathSync(node))] : []
  })
  return [...new Set(own)]
}

/**
 * Gives the job's home what npm needs to reach the registry that the host's user has configured, and a place for global
 * packages, which must not become the host's. Passwords, tokens and keys stay behind, so a registry that asks for them
 * refuses.
 */
export function writeNpmConfiguration(home: string): void {
  const own = process.env['npm_config_userconfig'] ?? process.env['NPM_CONFIG_USERCONFIG'] ?? join(homedir(), '.npmrc')
  const kept = existsSync(own) ? readFileSync(own, 'utf8').split('\n').filter(isPublicSetting) : []
  writeFileSync(join(home, '.npmrc'), `${[...kept, `prefix=${join(home, '.npm-global')}`].join('\n')}\n`)
}

const publicSettings =
  /^\s*(@[\w.-]+:)?(registry|proxy|https-proxy|noproxy|cafile|strict-ssl|maxsockets|fetch-[\w-]+|prefer-offline|omit-lockfile-registry-resolved|replace-registry-host|nodedir)\s*=/

function isPublicSetting(line: string): boolean {
  // A URL may carry a password before its host.
  return publicSettings.test(line) && !/\/\/[^/\s]*@/.test(line)
}

/** Programs of these names in the folders, in order of the names and then of the folders. */
export function findCommands(folders: string[], commands: string[]): string[] {
  const unique = [...new Set(folders.filter(Boolean))]
  return commands.flatMap((command) => unique.map((folder) => join(folder, command)).filter((path) => existsSync(path)))
}
