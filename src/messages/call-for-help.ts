import type { Finding, Snapshot, TreePoint } from '../model.ts'
import { comment } from './comment.ts'
import { codeCell, codeSpan } from './escape.ts'
import { findingList, section, table } from './layout.ts'
import type { Words } from './words.ts'

/** What could not be restored; people are called by name. */
export type CallForHelpView = {
  codename: string
  /** Logins; each is mentioned. */
  people: string[]
  findings: Finding[]
  branch: string
  snapshot: Snapshot | null
  merged: TreePoint | null
}

/** Says exactly what is and what should be, so that a person can finish the restoration by hand. */
export function renderCallForHelp(view: CallForHelpView, words: Words): string {
  const { codename, people, findings, branch, snapshot, merged } = view
  const rows = [
    ['Default branch', codeCell(branch)],
    [
      'Should have the tree of',
      snapshot === null ? 'unknown' : `${codeSpan(snapshot.commit)}, tagged ${codeCell(snapshot.tag)}`,
    ],
    ['Merged by this update', merged === null ? 'nothing' : codeSpan(merged.commit)],
    ['Should be in service', snapshot?.deployed ? codeSpan(snapshot.deployed.sha) : 'nothing that Pawl knows of'],
  ]
  return comment('call-for-help', codename, [
    words('rollback-failed', { codename, people: people.join(', ') }),
    findingList(findings),
    section('What should be', table(['', ''], rows)),
    'Nothing more is tried blindly. When the branch and the service are right again, an admin comments `/unlock`.',
  ])
}
