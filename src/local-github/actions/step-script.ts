import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A program of a step, with everything it gets. */
export interface StepProcess {
  command: string[]
  cwd: string
  environment: Record<string, string>
}

/** The program of `shell:`, where `{0}` is the script: GitHub's words for its own shells, any other as it stands. */
const shells: Record<string, string> = {
  bash: 'bash --noprofile --norc -eo pipefail {0}',
  sh: 'sh -e {0}',
  python: 'python {0}',
  pwsh: "pwsh -command . '{0}'",
}
const endings: Record<string, string> = { python: '.py', pwsh: '.ps1' }

/**
 * Writes the script of a `run:` step and gives the command for it. `shell` null is what GitHub takes when none is named.
 * A text that is no shell's name must hold `{0}`.
 */
export async function writeRunScript(
  folder: string,
  number: number,
  script: string,
  shell: string | null,
): Promise<string[] | { error: string }> {
  const template =
    shell === null ? 'bash -e {0}' : ((Object.hasOwn(shells, shell) ? shells[shell] : undefined) ?? shell)
  if (!template.includes('{0}')) {
    return {
      error: `Invalid shell option '${shell}'. Shell must be a valid built-in (bash, sh, python, pwsh) or a format string containing '{0}'`,
    }
  }
  const file = join(folder, `step-${number}${endings[shell ?? ''] ?? '.sh'}`)
  await writeFile(file, script.endsWith('\n') ? script : `${script}\n`, { mode: 0o600 })
  if (shell === 'pwsh') return ['pwsh', '-command', `. '${file}'`]
  return template
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('{0}', file))
}

/**
 * Writes the bash script that the job's host runs for a step: it says its process id, then becomes the step's program
 * with no environment but the given one. Values stand in the file and not in arguments, where other users see them.
 */
export async function writeLauncher(folder: string, number: number, step: StepProcess): Promise<string> {
  const entries = Object.entries(step.environment)
  const exported = entries.filter(([name]) => isAssignable(name))
  const others = entries.filter(([name]) => !isAssignable(name)).map(([name, value]) => `${name}=${value}`)
  const rest = others.length > 0 ? ['env', ...others] : []
  const lines = [
    `printf '%s pid %s\\n' "$1" "$$"`,
    `cd -- ${quote(step.cwd)} || exit 1`,
    ...exported.map(([name, value]) => `export ${name}=${quote(value)}`),
    `exec ${[...rest, ...step.command].map(quote).join(' ')}`,
  ]
  const file = join(folder, `launch-${number}.sh`)
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  return file
}

// Names that bash takes and that are not its own read-only ones.
function isAssignable(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !/^(UID|EUID|PPID|BASHOPTS|SHELLOPTS|BASH_VERSINFO|_)$/.test(name)
}

function quote(text: string): string {
  return `'${text.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`
}
