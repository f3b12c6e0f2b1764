import type { TreePoint } from '../model.ts'

/** The text of the annotated snapshot tag (SNAP-2). */
export type TagView = { codename: string; issue: number; at: string; base: TreePoint; branch: string; digest: string; deployed: string | null }

export function tagMessage(view: TagView): string {
  throw new Error('not written yet')
}
