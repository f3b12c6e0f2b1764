import type { Plan } from '../model.ts'
import { inWords } from './spans.ts'

/** Which messages come when (PLAN-10), in the order of the story. */
export function communicationOf({ tasks, deploy, health }: Pick<Plan, 'tasks' | 'deploy' | 'health'>): string[] {
  const known = tasks.every(({ exact }) => exact)
  const restart = deploy.via === 'none' ? [] : [`restarting: before the deployment to ${deploy.environment}`]
  return [
    'processing: at once, as the status comment that is edited from then on',
    'planning: while the plan is made, when that lasts',
    'plan ready: this comment; a reminder if nobody answers',
    `starting: when its turn has come and the snapshot is taken${known ? ', with round 1: the tasks take a second' : ''}`,
    'working: with every round of validation and the soak',
    ...restart,
    `success: after the soak of ${inWords(health.soak)}, with the change report`,
    'failure: at once, with the cause, the restoration certificate and how to retry; those who wait are told by themselves',
  ]
}
