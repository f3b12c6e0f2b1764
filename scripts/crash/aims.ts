import type { Moment } from './moments.ts'
import type { Aim, Reaper } from './reaper.ts'
import { stepName, type StepMap } from './steps.ts'

/**
 * Kills in every step that was not hit yet, sometimes at its beginning and sometimes well inside of it; and at every kind of
 * write, when GitHub has done it and the app does not know.
 */
export function everywhere(steps: StepMap, reaper: Reaper, writes: Set<string>): Aim {
  return (moment) => {
    if (moment.what === 'write') {
      if (writes.has(moment.key)) return null
      writes.add(moment.key)
      return 0
    }
    if (moment.what !== 'step') return null
    const missed = steps.after(moment.workflow, moment.name).filter(({ step }) => !reaper.hit.has(step))
    const [wanted] = missed
    return wanted ? Math.random() * 0.5 * wanted.ms : null
  }
}

/**
 * Kills at any moment with this probability: at once, so that nothing that follows it is done, or a little later.
 * `most`: how often in all.
 */
export function anywhere(probability: number, most: number, reaper: Reaper): Aim {
  const until = reaper.kills() + most
  return () => {
    if (reaper.kills() >= until || Math.random() > probability) return null
    return Math.random() < 0.5 ? 0 : Math.random() ** 2 * LATER_MS
  }
}

const LATER_MS = 400

/** What a moment is called in a report. */
export const nameOf = (moment: Moment): string =>
  moment.what === 'step' ? `${stepName(moment.workflow, moment.name)}` : `${moment.what} ${moment.key}`
