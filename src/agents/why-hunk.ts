import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { misspelt, obstacle } from './write-files.ts'

/** A longer file is not worth reading for a reason. */
const LARGEST = 5 * 1024 * 1024

/**
 * Why the hunk of a unified diff that begins at `line` of a file does not fit, in words: the first line of the file that is
 * not as the hunk has it. `null` where that cannot be told. The file lies in a stranger's tree: no link is followed.
 */
export async function whyHunk(dir: string, diff: string, path: string, line: number): Promise<string | null> {
  const old = oldLines(diff, path, line)
  if (old === null) return null
  if (misspelt(path) !== null || (await obstacle(dir, path)) !== null) return null
  const text = await read(join(dir, path))
  if (text === null) return null
  const there = text.split(/\r?\n/)
  if (there.at(-1) === '') there.pop()
  const at = old.findIndex((expected, offset) => there[line - 1 + offset] !== expected)
  if (at < 0) return null
  const number = line + at
  const is = there[number - 1]
  const wants = `the diff expects “${shown(old[at] ?? '')}” in line ${number}`
  return is === undefined
    ? `${wants}, and the file ends at line ${there.length}`
    : `${wants}, and the file has “${shown(is)}” there`
}

/** The lines that a hunk wants to find, `null` when the diff has no such hunk. */
function oldLines(diff: string, path: string, line: number): string[] | null {
  let here = false
  let lines: string[] | null = null
  let left = 0
  for (const each of diff.split(/\r?\n/)) {
    if (lines !== null && left > 0) {
      if (each.startsWith(' ') || each.startsWith('-') || each === '') {
        lines.push(each.slice(1))
        left -= 1
      }
      continue
    }
    if (lines !== null) return lines
    if (each.startsWith('--- ')) here = each.slice(4).split('\t', 1)[0]?.replace(/^a\//, '') === path
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+/.exec(each)
    if (here && hunk && Number(hunk[1]) === line) {
      lines = []
      left = Number(hunk[2] ?? 1)
    }
  }
  return lines
}

async function read(file: string): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null)
  if (handle === null) return null
  try {
    const { size } = await handle.stat()
    return size > LARGEST ? null : await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

const shown = (line: string) => (line.length > 80 ? `${line.slice(0, 80)}…` : line)
