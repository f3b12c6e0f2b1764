import { z } from 'zod'
import type { Finding } from '../model.ts'
import type { Report } from './report.ts'

/** Lock files and the manifests that they are made from. */
const MANIFESTS: Record<string, string[]> = {
  'package-lock.json': ['package.json'],
  'npm-shrinkwrap.json': ['package.json'],
  'yarn.lock': ['package.json'],
  'pnpm-lock.yaml': ['package.json', 'pnpm-workspace.yaml'],
  'bun.lock': ['package.json'],
  'bun.lockb': ['package.json'],
  'deno.lock': ['deno.json', 'deno.jsonc', 'package.json'],
  'Cargo.lock': ['Cargo.toml'],
  'go.sum': ['go.mod'],
  'poetry.lock': ['pyproject.toml'],
  'uv.lock': ['pyproject.toml'],
  'Pipfile.lock': ['Pipfile'],
  'Gemfile.lock': ['Gemfile'],
  'composer.lock': ['composer.json'],
}

const NpmLock = z.object({
  packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })).default({}),
})

export function isLockFile(path: string): boolean {
  return Object.hasOwn(MANIFESTS, path.split('/').at(-1) ?? '')
}

type Changed = { path: string; before: string | null; after: string | null }

/** A lock file decides what is installed and is rarely read, so it may only follow its manifest. */
export function lockFileFindings({ path, before, after }: Changed, planned: Set<string>, report: Report): Finding[] {
  const segments = path.split('/')
  const name = segments.pop() ?? ''
  const manifests = MANIFESTS[name] ?? []
  const dir = segments.length === 0 ? '' : `${segments.join('/')}/`
  // A workspace's manifest lies below the lock file of the whole.
  const follows = [...planned].some((path) => path.startsWith(dir) && manifests.includes(path.split('/').at(-1) ?? ''))
  const findings: Finding[] = []
  if (!follows) {
    const message = `The lock file changes, and the plan changes no ${manifests.join(' or ')} that it belongs to.`
    const remedy = 'Leave it as it is, or make a plan that names the manifest too.'
    findings.push(report('error', 'dependency-changed', path, message, remedy))
  }
  if (manifests[0] === 'package.json' && name.endsWith('.json')) {
    const known = installScripts(before)
    for (const place of installScripts(after)) {
      if (known.has(place)) continue
      const what = place.replace(/^.*node_modules\//, '') || 'the package itself'
      const message = `${what} runs a script when it is installed, which is new.`
      findings.push(report('error', 'dependency-changed', path, message, 'Use another package or version without one.'))
    }
  }
  return findings
}

/** Places of the packages in npm's lock file, version 2 or 3, that run code when they are installed. */
function installScripts(text: string | null): Set<string> {
  const lock = NpmLock.safeParse(parse(text ?? '{}')).data
  const all = Object.entries(lock?.packages ?? {})
  return new Set(all.flatMap(([place, { hasInstallScript }]) => (hasInstallScript === true ? [place] : [])))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
