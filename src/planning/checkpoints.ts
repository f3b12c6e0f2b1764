import type { Checkpoint, ExpectedChecks, Plan } from '../model.ts'
import { inWords } from './spans.ts'

type Checked = Pick<Plan, 'tasks' | 'checks' | 'reviewers' | 'protectedPaths' | 'deploy' | 'health' | 'approvals'>

/** When which gates judge, in the order of the story (PLAN-6). `probes` is how many watch the deployment in all. */
export function checkpointsOf(plan: Checked, probes: number): Checkpoint[] {
  const { needed } = plan.approvals
  const reviews = plan.reviewers.length === 0 ? [] : [`reviewers ${plan.reviewers.join(', ')}`]
  return [
    {
      when: 'before the first change',
      gates: [
        `${needed} ${needed === 1 ? 'approval' : 'approvals'} of this digest`,
        'lock taken',
        'approval still fits',
        'snapshot taken',
      ],
    },
    ...plan.tasks.map((task) => ({ when: `after task ${task.id}`, gates: [task.validation] })),
    {
      when: 'round 1, on the pull request',
      gates: [
        checksInWords(plan.checks.round1),
        ...reviews,
        'merges cleanly',
        'head and base are those that were checked',
      ],
    },
    {
      when: 'round 2, on the merge commit',
      gates: [
        'the merged tree is the checked tree',
        checksInWords(plan.checks.round2),
        ...reviews,
        'ready for deployment',
      ],
    },
    ...(plan.deploy.via === 'none'
      ? []
      : [{ when: 'after the deployment', gates: [`deployed to ${plan.deploy.environment}`] }]),
    {
      when: `soak, ${inWords(plan.health.soak)}`,
      gates: [
        probes === 0 ? 'no probes are set' : `${probes} ${probes === 1 ? 'probe' : 'probes'} held against the baseline`,
      ],
    },
  ]
}

/** What a round waits for, as a phrase. */
export function checksInWords({ mode, names, workflows }: ExpectedChecks): string {
  if (mode === 'none') return 'no checks'
  if (mode === 'named') return `checks ${names.join(', ')}`
  const least = workflows === 0 ? '' : `, at least ${workflows} ${workflows === 1 ? 'workflow run' : 'workflow runs'}`
  return `all checks of GitHub Actions${least}${names.length === 0 ? '' : `, among them ${names.join(', ')}`}`
}
