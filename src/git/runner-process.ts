import { runGit, type GitCommand } from './run-git.ts'

/** A small process that starts git for a large one: see runner.ts. It ends with the process that it works for. */
process.on('message', ({ id, command }: { id: number; command: GitCommand }) => {
  runGit(command).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
  )
})
// Ctrl-C reaches every process of a terminal: it is for the one that this works for to say what is still to be done.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())
