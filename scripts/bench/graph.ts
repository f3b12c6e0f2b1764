import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { DependencyMap } from '../../src/graph/dependency-map.ts'
import { borrowRepository, commitChanges, git } from './changed-commit.ts'
import { median, peak, time } from './measure.ts'
import type { Cost, Program } from './measure.ts'

/*
 * The dependency map against dependency-cruiser and rev-dep on one repository: a working tree or a bare repository. All run in
 * turns, each in a process of its own: `pawl graph` reads the objects, the others a checkout that is made for them before. All are
 * cold but for their compiled code, as installed programs are.
 */
export type GraphBench = {
  files: number
  edges: number
  ours: Cost
  peer: Cost
  /** rev-dep printing its whole map, as ours does. */
  others: { revDep: Cost }
  /** Reading the bytes of the sources, with `cat`. */
  read: Cost
  /**
   * `wall`, `cpu`, `memory`: peer / ours. `revDep`: rev-dep's wall / ours. `read`: ours / reading the bytes. `incremental`: cold /
   * after ten changed files, both in one running mapper.
   */
  ratios: { wall: number; cpu: number; memory: number; revDep: number; read: number; incremental: number }
  /** Pairs of files of the repository that one of them has as an edge; ours without those that no import shows. */
  edgesOnlyOurs: number
  edgesOnlyPeer: number
}

const rounds = 5
const memoryRounds = 3
const names = ['ours', 'peer', 'revDep', 'read'] as const
type Time = { wall: number; cpu: number }
const source = /\.[cm]?[jt]sx?$/
/** Kinds of edges that dependency-cruiser knows too. */
const imported = new Set(['import', 'export', 'require', 'dynamic', 'type'])
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const command = here('../../src/pawl.js')

/** Its program itself: the package's own command starts it from Node. */
function revDep(): string {
  const packages = here('peers/node_modules/@rev-dep')
  const [platform = ''] = existsSync(packages) ? readdirSync(packages) : []
  return join(packages, platform, 'bin', 'rev-dep')
}

export async function benchGraph(directory: string): Promise<GraphBench & { onlyOurs: string[]; onlyPeer: string[] }> {
  const repository = existsSync(join(directory, '.git')) ? join(directory, '.git') : directory
  const scratch = mkdtempSync(join(tmpdir(), 'bench-graph-'))
  try {
    const commit = git(repository, ['rev-parse', 'HEAD'])
    const checkout = join(scratch, 'checkout')
    mkdirSync(checkout)
    // rev-dep reads those in its own way and would leave most of some repositories out; in a fresh checkout they say nothing.
    const extract = 'git --git-dir="$0" archive "$1" | tar x -C "$2" --exclude .gitignore'
    execFileSync('sh', ['-c', extract, repository, commit, checkout])
    const sources = git(repository, ['ls-tree', '-r', '-z', '--name-only', commit])
      .split('\0')
      .filter((path) => source.test(path) && existsSync(join(checkout, path)))
    const list = join(scratch, 'sources')
    writeFileSync(list, sources.join('\0'))
    const borrowed = join(scratch, 'borrowed.git')
    borrowRepository(repository, borrowed)
    const step = Math.max(1, Math.floor(sources.length / 10))
    const changed = sources.filter((_, at) => at % step === 0).slice(0, 10)
    const later = commitChanges(borrowed, commit, changed, join(scratch, 'index'), 'a change')

    const [oursOut, peerOut] = [join(scratch, 'ours.json'), join(scratch, 'peer.json')]
    const compiled = { NODE_COMPILE_CACHE: join(scratch, 'compiled') }
    const programs: Record<'ours' | 'peer' | 'revDep' | 'read', Program> = {
      ours: {
        command: process.execPath,
        args: [command, 'graph', '--repo', borrowed, '--commit', commit],
        output: oursOut,
        env: { XDG_CACHE_HOME: scratch },
      },
      peer: { command: process.execPath, args: [here('graph-peer.ts'), peerOut], cwd: checkout, env: compiled },
      revDep: {
        command: revDep(),
        args: ['debug', 'get-tree-for-cwd', '--follow-monorepo-packages'],
        output: join(scratch, 'rev-dep.json'),
        cwd: checkout,
      },
      read: { command: 'sh', args: ['-c', `xargs -0 cat < '${list}' > /dev/null`], cwd: checkout },
    }
    const service = {
      command: process.execPath,
      args: [here('graph-service.ts'), borrowed, commit, later],
      env: compiled,
    }

    await time(programs.ours)
    await time(programs.peer)
    const times = { ours: [] as Time[], peer: [] as Time[], revDep: [] as Time[], read: [] as Time[] }
    const incremental: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const name of names) times[name].push(await time(programs[name]))
      const [cold = Number.NaN, warm = Number.NaN] = JSON.parse((await time(service)).printed) as number[]
      incremental.push(cold / warm)
    }
    const cost = async (name: keyof typeof times): Promise<Cost> => {
      const peaks: number[] = []
      for (let round = 0; round < memoryRounds; round++) peaks.push(await peak(programs[name]))
      const of = (key: keyof Time) => Math.round(median(times[name].map((each) => each[key])))
      return { wall: of('wall'), cpu: of('cpu'), memory: Math.round(median(peaks)) }
    }
    const [ours, peer, revDepCost, read] = [
      await cost('ours'),
      await cost('peer'),
      await cost('revDep'),
      await cost('read'),
    ]
    const difference = compare(oursOut, peerOut)
    return {
      ...difference,
      files: sources.length,
      ours,
      peer,
      others: { revDep: revDepCost },
      read,
      ratios: {
        wall: peer.wall / ours.wall,
        cpu: peer.cpu / ours.cpu,
        memory: peer.memory / ours.memory,
        revDep: revDepCost.wall / ours.wall,
        read: ours.wall / read.wall,
        incremental: median(incremental),
      },
      edgesOnlyOurs: difference.onlyOurs.length,
      edgesOnlyPeer: difference.onlyPeer.length,
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function compare(oursOut: string, peerOut: string): { edges: number; onlyOurs: string[]; onlyPeer: string[] } {
  const ours = JSON.parse(readFileSync(oursOut, 'utf8')) as DependencyMap
  const peer = JSON.parse(readFileSync(peerOut, 'utf8')) as { edges: [string, string][] }
  const files = new Set(ours.files)
  const all = new Set(ours.dependencies.map(({ from, to }) => `${from} -> ${to}`))
  const theirs = new Set(
    peer.edges
      .filter(([from, to]) => from !== to && files.has(from) && files.has(to))
      .map(([from, to]) => `${from} -> ${to}`),
  )
  const comparable = ours.dependencies
    .filter(({ kind }) => imported.has(kind))
    .map(({ from, to }) => `${from} -> ${to}`)
  return {
    edges: ours.dependencies.length,
    onlyOurs: comparable.filter((edge) => !theirs.has(edge)),
    onlyPeer: [...theirs].filter((edge) => !all.has(edge)),
  }
}
