import { z } from 'zod'
import type { Finding } from '../model.ts'
import type { Report } from './report.ts'

const Names = z.record(z.string(), z.string()).default({})
const Manifest = z.object({
  scripts: Names,
  dependencies: Names,
  devDependencies: Names,
  optionalDependencies: Names,
  peerDependencies: Names,
})
type Manifest = z.output<typeof Manifest>

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/** What `npm install` runs without being asked (docs.npmjs.com, "scripts", Life Cycle Scripts). */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish']

/** Versions from a registry: a range, a tag, an alias of a package, or a workspace of the same repository. */
const FROM_REGISTRY = /^(npm:|workspace:|catalog:)?(@[\w.-]+\/)?[\w.*^~<>=|\s+@-]*$/

/** Compares two texts of a package.json; `null` where there is none. */
export function manifestFindings(path: string, before: string | null, after: string | null, report: Report): Finding[] {
  const old = before === null ? empty : parse(before)
  const fresh = after === null ? empty : parse(after)
  if (fresh === null) {
    const message = 'The file cannot be read as a package.json, so its dependencies cannot be judged.'
    return [report('error', 'dependency-changed', path, message, 'Correct its JSON.')]
  }
  return [
    ...scriptFindings(path, old ?? empty, fresh, report),
    ...dependencyFindings(path, old ?? empty, fresh, report),
  ]
}

const empty: Manifest = Manifest.parse({})

function parse(text: string): Manifest | null {
  try {
    return Manifest.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function scriptFindings(path: string, old: Manifest, fresh: Manifest, report: Report): Finding[] {
  return INSTALL_SCRIPTS.flatMap((name) => {
    const script = fresh.scripts[name]
    if (script === undefined || script === old.scripts[name]) return []
    const message = `The script ${name} is new or changed: it runs on every machine that installs this package.`
    return [report('error', 'dependency-changed', path, message, 'Take it out, or have people run it by name.')]
  })
}

function dependencyFindings(path: string, old: Manifest, fresh: Manifest, report: Report): Finding[] {
  return GROUPS.flatMap((group) => {
    const names = new Set([...Object.keys(old[group]), ...Object.keys(fresh[group])])
    return [...names].flatMap((name) => {
      const [from, to] = [old[group][name], fresh[group][name]]
      if (from === to) return []
      if (to === undefined) {
        return [
          report('info', 'dependency-changed', path, `${group}: ${name} is removed.`, 'See that nothing uses it.'),
        ]
      }
      const change = from === undefined ? `${name} ${to} is added` : `${name} goes from ${from} to ${to}`
      const elsewhere = FROM_REGISTRY.test(to) ? '' : ', from elsewhere than the registry'
      const severity = from === undefined || elsewhere !== '' ? 'warning' : 'info'
      const remedy = 'Check that it is the package that is meant, and who publishes it.'
      return [report(severity, 'dependency-changed', path, `${group}: ${change}${elsewhere}.`, remedy)]
    })
  })
}
