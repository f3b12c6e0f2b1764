import { existsSync, writeFileSync } from 'node:fs'
import { load } from './peers/load.ts'

/*
 * dependency-cruiser in a process of its own, in the directory it cruises: `graph-peer.ts OUTPUT`. It is tuned: rules are
 * not evaluated and nothing is analysed for them, which makes it several times faster.
 */
type Cruised = {
  modules: { source: string; dependencies: { resolved: string; couldNotResolve: boolean; coreModule: boolean }[] }[]
}
type Peer = {
  cruise(paths: string[], options: object, resolve: undefined, transpile: object): Promise<{ output: Cruised }>
}
type ReadTsConfig = { default(path: string): object }

const [, , output = ''] = process.argv
const peer = (await load('dependency-cruiser')) as Peer

const options: { [option: string]: unknown } = {
  skipAnalysisNotInRules: true,
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  exclude: { path: '(^|/)node_modules/' },
}
const transpile: { tsConfig?: object } = {}
if (existsSync('tsconfig.json')) {
  options['tsConfig'] = { fileName: 'tsconfig.json' }
  try {
    const reader = (await load('dependency-cruiser/config-utl/extract-ts-config')) as ReadTsConfig
    transpile.tsConfig = reader.default('tsconfig.json')
  } catch {
    // A configuration that extends what is not there cannot be read; the cruise goes on without its paths.
  }
}
const { modules } = (await peer.cruise(['.'], options, undefined, transpile)).output
const edges = modules.flatMap(({ source, dependencies }) =>
  dependencies.filter((to) => !to.couldNotResolve && !to.coreModule).map((to) => [source, to.resolved]),
)
writeFileSync(output, JSON.stringify({ edges }))
