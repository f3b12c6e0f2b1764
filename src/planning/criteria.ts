import type { Criterion, Plan } from '../model.ts'
import type { PlanningConfig } from './facts.ts'

/** What a machine judges at the end (PLAN-9). `probes` are names of configured probes and added addresses. */
export function criteriaOf(
  checks: Plan['checks'],
  deploy: Pick<PlanningConfig['deploy'], 'via' | 'environment'>,
  probes: string[],
): Criterion[] {
  const rounds = ([1, 2] as const).filter((round) => (round === 1 ? checks.round1 : checks.round2).mode !== 'none')
  return [
    { kind: 'files-as-planned' },
    ...rounds.map((round): Criterion => ({ kind: 'checks-pass', round })),
    { kind: 'tree-is-checked-tree' },
    ...(deploy.via === 'none' ? [] : [{ kind: 'deployed', environment: deploy.environment } as const]),
    ...probes.map((probe): Criterion => ({ kind: 'healthy', probe })),
  ]
}
