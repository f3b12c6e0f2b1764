import type { Theme } from '../words.ts'

/** Short and exact; the voice for repositories that want none. */
export const plain: Theme = {
  processing: '**{codename}**: the request by {requester} is being checked.',
  planning: '**{codename}**: the plan is being drawn up.',
  'plan-ready': '**{codename}**: the plan is ready. Nothing is changed until it is approved.',
  starting: '**{codename}** starts. The repository is locked for it, and a snapshot to return to is taken.',
  working: '**{codename}** is under way: {phase}.',
  restarting: '**{codename}** is being deployed. The service restarts now.',
  success: '**{codename}** succeeded: it is merged, validated and in service.',
  failure: '**{codename}** did not go through; it ended at: {phase}.',
  refusal: '{person}, you may not start an update in this repository. Nothing was started.',
  blocked: '{requester}, **{codename}** cannot start yet. Nothing was changed.',
  questions:
    '{requester}, the request leaves something open. Edit the issue or answer here, and **{codename}** begins again.',
  'config-faults': '{requester}, the configuration of Pawl has faults, so **{codename}** was not started.',
  'command-refused': '{actor}, {command} is refused. Nothing was changed.',
  reminder: '{requester}, the plan for **{codename}** still waits for approval. It expires on {expires}.',
  expired: '**{codename}** expired: nobody approved the plan in time. Nothing was changed.',
  'plan-void':
    '**{codename}**: the earlier approval is void, because what it was given for has changed. This is the new plan.',
  rejected: '**{codename}** was rejected. Nothing was changed.',
  cancelled: '**{codename}** was cancelled.',
  held: '**{codename}** is held. It goes on after `/resume`.',
  receipt:
    '{requester}, **{codename}** was cleared from the queue because {failed} failed before it. Nothing of yours was changed.',
  restored: '**{codename}**: everything is restored.',
  'rollback-failed':
    '{people}: **{codename}** could not be rolled back completely. The repository stays locked and needs a person.',
}
