import type { Update } from '../../audit/updates.ts'
import type { Outcome, Phase } from '../../model.ts'
import { recordOf } from '../../stages/record.ts'
import colours from 'picocolors'

/** Tells the story in the terminal, a line for what a person would want to know and none for what they would not. */
export type Narrator = {
  chapter(title: string, aside: string): void
  seen(update: Update): void
  says(login: string, text: string): void
  note(text: string): void
}

const PHASES: Partial<Record<Phase, string>> = {
  preflight: 'pre-flight: checks, permissions, host, health',
  'awaiting approval': 'the plan is posted',
  queued: 'approved; waits for its turn',
  snapshot: 'its turn: lock and snapshot',
  executing: 'the change is made, a commit a task',
  'awaiting push': 'waits for a person who pushes the change',
  'round 1': 'round 1: checks and reviewers on the pull request',
  merging: 'round 1 passed: merging exactly that head',
  'round 2': 'round 2: everything again on the merge commit',
  deploying: 'round 2 passed: deploying',
  soak: 'deployed: watching its health',
  'rolling back': 'rolling back to the snapshot',
}

const OUTCOMES: Partial<Record<Outcome, (text: string) => string>> = {
  succeeded: colours.green,
  failed: colours.red,
  'rolled-back': colours.yellow,
  cleared: colours.yellow,
}

export function createNarrator(write: (line: string) => void): Narrator {
  const began = Date.now()
  const told = new Set<string>()
  const line = (mark: string, text: string) =>
    write(`${colours.dim(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s`)}  ${mark} ${text}`)
  return {
    chapter(title, aside) {
      write('')
      write(`          ${colours.bold(title)}`)
      write(`          ${colours.dim(aside)}`)
    },
    seen(update) {
      const moment = `${update.codename} ${update.phase} ${update.outcome ?? ''}`
      if (told.has(moment)) return
      told.add(moment)
      const name = colours.cyan(update.codename)
      const record = recordOf(update)
      if (update.outcome === null) {
        const text = PHASES[update.phase]
        if (text === undefined) return
        const plan = update.phase === 'awaiting approval' ? planned(record.plan) : ''
        return line(update.phase === 'rolling back' ? colours.yellow('↶') : '·', `${name}  ${text}${plan}`)
      }
      const paint = OUTCOMES[update.outcome] ?? colours.bold
      line(update.outcome === 'succeeded' ? colours.green('✓') : colours.red('✗'), `${name}  ${paint(update.outcome)}`)
      for (const { message } of record.findings.filter(({ severity }) => severity === 'error')) {
        line(' ', colours.dim(`${' '.repeat(update.codename.length)}  ${message}`))
      }
    },
    says: (login, text) => line(colours.magenta('»'), `${colours.magenta(login)}  ${text}`),
    note: (text) => line(' ', colours.dim(text)),
  }
}

function planned(plan: ReturnType<typeof recordOf>['plan']): string {
  if (!plan) return ''
  const files = plan.scope.files === 1 ? '1 file' : `${plan.scope.files} files`
  return colours.dim(` (${files}, ${plan.risk.level} risk, digest ${plan.digest.slice(0, 12)})`)
}
