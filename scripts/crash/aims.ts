import type { Moment } from './moments.ts'
import type { Aim, Reaper } from './reaper.ts'
import { isStep, stepName, type StepMap, type StepName } from './steps.ts'

/** How far into a step it is killed at most: it may be quicker than it was when it was learnt. */
const SOON_MS = 60

/**
 * Kills in every step that was not hit yet, sometimes at its beginning and sometimes well inside of it; and at every kind of
 * write, when GitHub has done it and the app does not know.
 */
export function everywhere(steps: StepMap, reaper: Reaper, writes: Set<string>): Aim {
  const last = new Map<string, StepName>()
  // Whether a step was hit is known when it is recorded at last: until then it is let through.
  const tried = new Set<StepName>()
  return (moment, planned) => {
    if (moment.what === 'write') {
      if (writes.has(moment.key)) return null
      writes.add(moment.key)
      return 0
    }
    // The engine notes how long it will wait when it begins to.
    if (moment.what !== 'step' || moment.name === 'DBOS.sleep') return null
    const { workflow, name } = moment
    if (isStep(name)) {
      last.set(workflow, stepName(workflow, name))
      tried.delete(stepName(workflow, name))
    }
    const next = steps.after(workflow, last.get(workflow) ?? stepName(workflow, ''), name)
    const wanted = next.find(({ step }) => !reaper.hit.has(step) && !tried.has(step))
    if (!wanted || planned) return null
    tried.add(wanted.step)
    return Math.random() < 0.5 ? 0 : Math.random() * Math.min(wanted.ms, SOON_MS)
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
