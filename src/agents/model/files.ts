import { constants } from 'node:fs'
import { lstat, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { obstacle, misspelt, writeFiles } from '../write-files.ts'

/** What a tool answers a model: a text, and whether it is one of success. */
export type Answer = { ok: boolean; text: string }

const LISTED = 1_000
const READ_BYTES = 200_000
const FOUND = 100
const LINE_SHOWN = 300
/** A file is searched up to this size, and all of them together. */
const SEARCH_FILE_BYTES = 1_000_000
const SEARCH_BYTES = 200_000_000
/** Directories that nobody means by a search. */
const SKIPPED = new Set(['.git', 'node_modules'])

/** The files below a directory as a model may see and change them: never through a link, never outside, never in `.git`. */
export function workspaceFiles(dir: string) {
  const read = async (path: string): Promise<string | null> => {
    if ((misspelt(path) ?? (await obstacle(dir, path))) !== null) return null
    const file = await open(join(dir, path), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null)
    if (file === null) return null
    try {
      return (await file.stat()).isFile() ? await file.readFile('utf8') : null
    } finally {
      await file.close()
    }
  }
  const write = async (path: string, content: string): Promise<Answer> => {
    const written = await writeFiles(dir, [{ path, content }])
    if (written.ok) return { ok: true, text: `wrote ${path}` }
    return no(written.refused.map(({ why }) => `${path} cannot be written: ${why}`).join('; '))
  }

  return {
    async list(path: string): Promise<Answer> {
      const at = path.replace(/^\.?\/*/, '').replace(/\/+$/, '')
      if (at !== '' && misspelt(at) !== null) return no(`${path} is not a directory of the repository`)
      const found: string[] = []
      await walk(dir, at, (file) => found.push(file) < LISTED)
      if (found.length === 0) return no(`${path === '' ? 'the repository' : path} has no files`)
      const more = found.length >= LISTED ? `\n[only the first ${LISTED}; list a directory below]` : ''
      return { ok: true, text: found.join('\n') + more }
    },

    async search(text: string, below: string): Promise<Answer> {
      const at = below.replace(/^\.?\/*/, '').replace(/\/+$/, '')
      if (at !== '' && misspelt(at) !== null) return no(`${below} is not a directory of the repository`)
      const found: string[] = []
      let bytes = 0
      await walk(dir, at, async (path) => {
        const { size } = await lstat(join(dir, path))
        bytes += size
        const content = size > SEARCH_FILE_BYTES ? null : await read(path)
        if (content === null || content.includes('\0')) return bytes < SEARCH_BYTES
        content.split('\n').forEach((line, at) => {
          if (found.length < FOUND && line.includes(text)) found.push(`${path}:${at + 1}: ${line.slice(0, LINE_SHOWN)}`)
        })
        return found.length < FOUND && bytes < SEARCH_BYTES
      })
      return found.length === 0 ? no('nothing was found') : { ok: true, text: found.join('\n') }
    },

    async read(path: string, from: number): Promise<Answer> {
      const content = await read(path)
      if (content === null) return no(`${path} is not a file of the repository`)
      if (content.includes('\0')) return no(`${path} is not text`)
      const rest = content
        .split('\n')
        .slice(Math.max(0, from - 1))
        .join('\n')
      const cut = rest.length > READ_BYTES ? '\n[the rest is left out; read from a later line]' : ''
      return { ok: true, text: rest.slice(0, READ_BYTES) + cut }
    },

    write,

    async edit(path: string, before: string, after: string): Promise<Answer> {
      const content = await read(path)
      if (content === null) return no(`${path} is not a file of the repository`)
      const times = before === '' ? 0 : content.split(before).length - 1
      if (times !== 1) return no(`the text to replace stands ${times} times in ${path}; it must stand there once`)
      return write(
        path,
        content.replace(before, () => after),
      )
    },

    async remove(path: string): Promise<Answer> {
      if ((await read(path)) === null) return no(`${path} is not a file of the repository`)
      await rm(join(dir, path))
      return { ok: true, text: `removed ${path}` }
    },
  }
}

const no = (text: string): Answer => ({ ok: false, text })

/** Visits the plain files below a directory in the order of their names until `visit` answers false; follows no link. */
async function walk(dir: string, below: string, visit: (path: string) => boolean | Promise<boolean>): Promise<boolean> {
  if (below !== '' && !(await isDirectory(dir, below))) return true
  const entries = await readdir(join(dir, below), { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !(await walk(dir, path, visit))) return false
    } else if (entry.isFile() && entry.name !== '.git' && !(await visit(path))) return false
  }
  return true
}

/** Every part of the way is a directory and no link. */
async function isDirectory(dir: string, path: string): Promise<boolean> {
  const parts = path.split('/')
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const found = await lstat(join(dir, ...parts.slice(0, depth))).catch(() => null)
    if (!found?.isDirectory()) return false
  }
  return true
}
