import type { Impact } from '../model/impact.ts'
import { joined } from './comment.ts'
import { codeSpan, fence } from './escape.ts'
import { bullets, details, plural, section } from './layout.ts'
import { impactGraph } from './mermaid.ts'
import { somePaths } from './plan-tasks.ts'

/** What the change reaches: counts, the drawing, and the lists folded. */
export function impactPart(impact: Impact): string | null {
  const { direct, transitive, drawing } = impact
  const graph = impactGraph(drawing)
  const reached = `Files that depend on it: ${direct.length} directly, ${transitive.length} indirectly.`
  return section(
    'Impact',
    joined([reached, graph === null ? null : fence(graph, 'mermaid'), details('Lists', lists(impact))]),
  )
}

function lists(impact: Impact): string | null {
  const paths = (what: string, list: readonly string[]) => (list.length === 0 ? [] : [`${what}: ${somePaths(list)}`])
  const unresolved =
    impact.unresolved === 0 ? [] : [`${plural(impact.unresolved, 'import')} could not be resolved and may hide more.`]
  return bullets([
    ...paths('Direct dependents', impact.direct),
    ...paths('Indirect dependents', impact.transitive),
    ...paths('Modules', impact.modules),
    ...paths('Tests that reach the change', impact.tests),
    ...paths('Entry points', impact.entryPoints),
    ...paths('Deployed as one', impact.deployables),
    ...paths('Owners', impact.owners),
    ...impact.areas.flatMap(({ area, paths: list }) => paths(`Touches ${area}`, list)),
    ...paths('Workflows that run it', impact.workflows),
    ...impact.secretNames.map(({ path, names }) => `Names secrets: ${somePaths(names)} in ${codeSpan(path)}`),
    ...impact.exportsChanged.map(exportsText),
    ...unresolved,
  ])
}

function exportsText({ path, added, removed, changed, ...about }: Impact['exportsChanged'][number]): string {
  const parts = [
    added.length === 0 ? null : `adds ${somePaths(added)}`,
    removed.length === 0 ? null : `removes ${somePaths(removed)}`,
    changed.length === 0 ? null : `declares ${somePaths(changed)} otherwise`,
  ]
  const what = about.public ? 'Public exports of' : 'Exports of'
  return `${what} ${codeSpan(path)}: ${parts.filter((part) => part !== null).join(', ')}`
}
