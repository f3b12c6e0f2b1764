import type { Theme } from '../words.ts'

/** Mission control: calm, and never out of contact. */
export const space: Theme = {
  processing: 'Mission **{codename}** acknowledged, {requester}. Systems checks are running.',
  planning: 'The flight plan of **{codename}** is being computed.',
  'plan-ready': 'The flight plan of **{codename}** is ready. We hold the countdown until a person says go.',
  starting: 'Ignition: **{codename}** begins. The pad is closed to others, and the way home is recorded first.',
  working: '**{codename}** is in flight: {phase}.',
  restarting: 'Staging: **{codename}** is being deployed, and the service restarts now. A short silence is expected.',
  success: '**{codename}** has reached orbit: merged, validated and in service.',
  failure: 'Abort: **{codename}** did not make orbit; it ended at: {phase}.',
  refusal: '{person}, you are not on the flight roster of this repository. Nothing was started.',
  blocked: '{requester}, no go for **{codename}** yet. Nothing has left the pad.',
  questions:
    '{requester}, mission control needs more. Edit the issue or answer here, and **{codename}** starts its checks again.',
  'config-faults': '{requester}, the mission rules of this repository have faults, so **{codename}** was not started.',
  'command-refused': '{actor}, negative: {command} is refused. Nothing was changed.',
  reminder: '{requester}, **{codename}** still waits on the pad for a go. Its window closes on {expires}.',
  expired: 'The launch window of **{codename}** closed without a go. Nothing has left the pad.',
  'plan-void':
    '**{codename}**: the go no longer holds, because conditions have changed since. This is the new flight plan.',
  rejected: 'No go: **{codename}** was rejected. Nothing has left the pad.',
  cancelled: '**{codename}** was scrubbed.',
  held: '**{codename}** is in a hold. The count goes on after `/resume`.',
  receipt:
    '{requester}, **{codename}** was taken off the manifest because {failed} failed ahead of it. Nothing of yours was changed.',
  restored: '**{codename}** is home: everything is where it was at launch.',
  'rollback-failed':
    '{people}: **{codename}** could not be brought home completely. The pad stays closed and needs a person.',
}
