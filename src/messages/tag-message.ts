import type { TreePoint } from '../model.ts'
import { plainLine } from './escape.ts'

/** The text of the annotated snapshot tag (SNAP-2). */
export type TagView = {
  codename: string
  issue: number
  at: string
  base: TreePoint
  branch: string
  digest: string
  deployed: string | null
}

/** Everything that a person with nothing but git needs to go back. */
export function tagMessage(view: TagView): string {
  const { codename, issue, at, base, branch, digest, deployed } = view
  return [
    `Snapshot before ${codename}`,
    '',
    `Branch ${plainLine(branch, 250)} stands at ${base.commit}`,
    `with the tree ${base.tree},`,
    `taken at ${at} for issue ${issue}, plan ${digest}.`,
    deployed === null ? 'Nothing was known to be deployed.' : `Deployed: ${deployed}`,
    '',
    `Pawl-Update: ${codename}`,
    '',
  ].join('\n')
}
