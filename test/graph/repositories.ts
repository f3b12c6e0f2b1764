import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Paths and what is in them; a link is written as `{ link: target }`. */
export type Tree = { [path: string]: string | Buffer | { link: string } }

export type TestRepository = {
  /** The path of a bare repository. */
  path: string
  /** Commits the whole tree on `main` and gives the commit's name. */
  commit(tree: Tree): string
  /** A commit of a dozen small trees with ten thousand million paths. */
  bomb(): string
  remove(): void
}

/** A real bare repository in a temporary directory; nothing is ever checked out. */
export function createRepository(): TestRepository {
  const path = mkdtempSync(join(tmpdir(), 'pawl-graph-'))
  git(path, ['init', '--quiet', '--bare', '--initial-branch=main'])
  let commits = 0
  return {
    path,
    commit: (tree) => {
      git(path, ['fast-import', '--quiet', '--force'], fastImport(tree, ++commits))
      return git(path, ['rev-parse', 'main']).toString().trim()
    },
    bomb: () => {
      const said = (args: string[], input: string) => git(path, args, Buffer.from(input)).toString().trim()
      let entry = `100644 blob ${said(['hash-object', '-w', '--stdin'], '')}`
      for (let depth = 0; depth < 10; depth++) {
        const names = Array.from({ length: 10 }, (_, at) => `${entry}\t${at}\n`)
        entry = `040000 tree ${said(['mktree'], names.join(''))}`
      }
      const tree = entry.split(' ')[2] ?? ''
      return said(['-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit-tree', tree, '-m', 'x'], '')
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

function git(directory: string, args: string[], input?: Buffer): Buffer {
  return execFileSync('git', [`--git-dir=${directory}`, ...args], { input })
}

function fastImport(tree: Tree, at: number): Buffer {
  const parts: Buffer[] = [
    Buffer.from(`commit refs/heads/main\ncommitter Someone <someone@example.org> ${at} +0000\ndata 1\nx\ndeleteall\n`),
  ]
  for (const [path, entry] of Object.entries(tree)) {
    const isLink = typeof entry === 'object' && 'link' in entry
    const content = Buffer.from(isLink ? entry.link : entry)
    parts.push(
      Buffer.from(`M ${isLink ? '120000' : '100644'} inline ${JSON.stringify(path)}\ndata ${content.length}\n`),
    )
    parts.push(content, Buffer.from('\n'))
  }
  return Buffer.concat(parts)
}
