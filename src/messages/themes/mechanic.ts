import type { Theme } from '../words.ts'

/** A workshop that writes its job cards with care. */
export const mechanic: Theme = {
  processing: 'Job card **{codename}** opened for {requester}. First a look under the bonnet.',
  planning: '**{codename}** is on the ramp; the job list is being written.',
  'plan-ready': 'The job list for **{codename}** is written. No bolt is turned until somebody signs it.',
  starting:
    'Tools out: **{codename}** begins. The bay is locked and the odometer noted, so that all of it can go back.',
  working: '**{codename}** is on the bench: {phase}.',
  restarting: 'Engine off, new part in: **{codename}** is being deployed, and the service restarts now.',
  success: '**{codename}** is road-tested and runs sweetly: merged, validated and in service.',
  failure: '**{codename}** did not pass inspection; it ended at: {phase}.',
  refusal: '{person}, only authorised fitters may open a job here. Nothing was started.',
  blocked: '{requester}, **{codename}** cannot come into the bay yet. Nothing was touched.',
  questions:
    '{requester}, the job card leaves something open. Edit the issue or answer here, and **{codename}** is taken in again.',
  'config-faults': '{requester}, the workshop manual of this repository has faults, so **{codename}** was not started.',
  'command-refused': '{actor}, hands off that lever: {command} is refused. Nothing was touched.',
  reminder: '{requester}, the job list for **{codename}** still waits for a signature. It expires on {expires}.',
  expired: 'Nobody signed in time, so job card **{codename}** is filed away. Nothing was touched.',
  'plan-void':
    '**{codename}**: the signature no longer holds, because the vehicle has changed since. This is the new job list.',
  rejected: '**{codename}** was turned down. Nothing was touched.',
  cancelled: '**{codename}** was called off.',
  held: '**{codename}** stands on the ramp, brakes on. It goes on after `/resume`.',
  receipt:
    '{requester}, **{codename}** was sent out of the queue because {failed} broke down ahead of it. Nothing of yours was touched.',
  restored: '**{codename}**: every part is back where it was.',
  'rollback-failed':
    '{people}: **{codename}** is stuck halfway out. The bay stays locked and needs a person with a spanner.',
}
