import { execFile } from 'node:child_process'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { Tool } from './known-actions.ts'

const run = promisify(execFile)

/**
 * Fills a folder for PATH with nothing in it but a tool: its own folder may be one like /usr/bin, whose other programs
 * would come before those of an earlier setup.
 */
export async function linkTool({ companions, aliases }: Tool, home: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const names = (await readdir(home)).filter((name) => companions.test(name))
  const links = new Map(names.map((name) => [name, name]))
  for (const [alias, name] of Object.entries(aliases)) if (!links.has(alias) && links.has(name)) links.set(alias, name)
  await Promise.all([...links].map(([link, name]) => symlink(join(home, name), join(folder, link))))
}

/**
 * Makes a virtual environment over the machine's Python, so that what `pip install` installs belongs to the job and not
 * to the machine. False when this Python has no `venv`.
 */
export async function makePythonHome(python: string, root: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await run(python, ['-m', 'venv', '--without-pip', '--system-site-packages', root], {
      env: environment,
      timeout: 60_000,
    })
  } catch {
    return false
  }
  const pip = `#!/bin/sh\nexec '${join(root, 'bin', 'python')}' -m pip "$@"\n`
  await Promise.all(['pip', 'pip3'].map((name) => writeFile(join(root, 'bin', name), pip, { mode: 0o755 })))
  return true
}
