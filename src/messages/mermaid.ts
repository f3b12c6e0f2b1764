import type { Impact } from '../model/impact.ts'
import { mermaidLabel } from './task-graph.ts'

/** GitHub draws small graphs well and large ones as a thread; the planner keeps to this, and so does the drawing. */
const MOST_NODES = 39

const STYLES = {
  changed: 'fill:#ffd8a8,stroke:#e8590c,color:#000',
  direct: 'fill:#d0ebff,stroke:#1971c2,color:#000',
  transitive: 'fill:#f1f3f5,stroke:#868e96,color:#000',
  group: 'fill:#fff,stroke:#868e96,color:#000,stroke-dasharray:4',
}

/** The neighbourhood of a change as the text of a Mermaid graph, `null` when there is nothing to draw. Arrows point at what is needed. */
export function impactGraph({ nodes, edges }: Impact['drawing']): string | null {
  if (nodes.length === 0) return null
  const shown = nodes.slice(0, MOST_NODES)
  // Ids of ours: those of the planner are paths, which Mermaid would read as syntax.
  const ids = new Map(shown.map((node, at) => [node.id, `n${at}`]))
  const lines = shown.map((node) => `  ${ids.get(node.id)}["${mermaidLabel(node.label)}"]:::${node.role}`)
  const drawn = new Set<string>()
  for (const edge of edges) {
    const [from, to] = [ids.get(edge.from), ids.get(edge.to)]
    if (from !== undefined && to !== undefined) drawn.add(`  ${from} --> ${to}`)
  }
  const roles = Object.entries(STYLES).filter(([role]) => shown.some((node) => node.role === role))
  return ['graph LR', ...lines, ...drawn, ...roles.map(([role, style]) => `  classDef ${role} ${style}`)].join('\n')
}
