import { tool } from 'ai'
import { z } from 'zod'
import type { AgentContext } from '../agent.ts'
import { workspaceFiles, type Answer } from './files.ts'

const Path = z.string().max(1_000).describe('relative to the root of the repository, with /')
const RUN_MS = 10 * 60_000
const OUTPUT_SHOWN = 10_000

const said = async (answer: Promise<Answer>) => {
  const { ok, text } = await answer
  return ok ? text : `error: ${text}`
}

/** What a model may do that only looks. */
export function lookingTools(files: Pick<ReturnType<typeof workspaceFiles>, 'list' | 'search' | 'read'>) {
  return {
    list: tool({
      description: 'Lists the files below a directory; the empty path is the root.',
      inputSchema: z.strictObject({ path: Path }),
      execute: ({ path }) => said(files.list(path)),
    }),
    search: tool({
      description: 'Finds lines that contain a text, in all files below a directory. The text is taken as it is.',
      inputSchema: z.strictObject({ text: z.string().min(1).max(1_000), path: Path.default('') }),
      execute: ({ text, path }) => said(files.search(text, path)),
    }),
    read: tool({
      description: 'Reads a text file, from a line on.',
      inputSchema: z.strictObject({ path: Path, from: z.int().min(1).default(1) }),
      execute: ({ path, from }) => said(files.read(path, from)),
    }),
  }
}

/** What a model may do: look at and change files of the workspace, and run the commands of the configuration in the sandbox. */
export function modelTools(context: AgentContext, commands: string[][], changed: () => void) {
  const files = workspaceFiles(context.workspace)
  const names = commands.map((words) => words.join(' '))
  const changes = async (answer: Promise<Answer>) => {
    if ((await answer).ok) changed()
    return said(answer)
  }
  const run = async (command: string): Promise<Answer> => {
    const words = commands[names.indexOf(command)]
    if (words === undefined)
      return { ok: false, text: `this may not be run; what may: ${names.join('; ') || 'nothing'}` }
    const result = await context.exec(words, { timeoutMs: RUN_MS })
    const output = `${result.stdout}\n${result.stderr}`.trim().slice(-OUTPUT_SHOWN)
    return { ok: true, text: `${result.ok ? 'ended with exit status 0' : result.reason}\n${output}` }
  }
  return {
    ...lookingTools(files),
    write: tool({
      description: 'Writes a whole file; it is made or replaced.',
      inputSchema: z.strictObject({ path: Path, content: z.string().max(1_000_000) }),
      execute: ({ path, content }) => changes(files.write(path, content)),
    }),
    edit: tool({
      description: 'Replaces a text that stands exactly once in a file by another.',
      inputSchema: z.strictObject({ path: Path, before: z.string().min(1), after: z.string() }),
      execute: ({ path, before, after }) => changes(files.edit(path, before, after)),
    }),
    remove: tool({
      description: 'Removes a file.',
      inputSchema: z.strictObject({ path: Path }),
      execute: ({ path }) => changes(files.remove(path)),
    }),
    run: tool({
      description: `Runs a command in the repository, without network. These may be run: ${names.join('; ') || 'none'}.`,
      inputSchema: z.strictObject({ command: z.string().max(10_000) }),
      execute: ({ command }) => said(run(command)),
    }),
  }
}
