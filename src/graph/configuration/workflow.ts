import { pathsInCommand } from './commands.ts'

/** What a workflow or action names: words that may be paths, and directories its steps run in. */
export type WorkflowReading = { words: string[]; directories: string[]; packageManager: boolean }

/**
 * Reads a workflow as text: what counts is which paths it names, wherever it names them (`run`, `uses`, `main`, `with`), and
 * plain lines bear hostile YAML.
 */
export function readWorkflow(text: string): WorkflowReading {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .filter((line) => !isFilter(line))
  const directories = lines.flatMap((line) => /\bworking-directory:\s*["']?([^"'\s]+)/.exec(line)?.[1] ?? [])
  const code = lines.join('\n')
  return {
    words: pathsInCommand(code),
    directories: [...new Set(directories)],
    packageManager: /\b(?:npm|pnpm|yarn|bun) (?:run |test|ci|install|build|lint|[a-z])/.test(code),
  }
}

/** A list item of one word (`- 'docs/README.md'`) is a filter of events or paths, no step. */
function isFilter(line: string): boolean {
  return /^\s*-\s+["']?[^\s"':]+["']?\s*$/.test(line)
}

/** Workflows, and the actions of a repository. */
export function isWorkflow(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || /(^|\/)action\.ya?ml$/.test(path)
}
