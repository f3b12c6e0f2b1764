import type { Task } from '../model.ts'
import { plainLine } from './escape.ts'

/** With more the table says it better. */
const MOST_TASKS = 30

/** Which task comes after which, as the text of a Mermaid graph; `null` where none waits for another, or there are too many. */
export function taskGraph(tasks: readonly Pick<Task, 'id' | 'title' | 'needs'>[]): string | null {
  if (tasks.length > MOST_TASKS || tasks.every(({ needs }) => needs.length === 0)) return null
  const nodes = tasks.map(({ id, title }) => `  t${id}["${mermaidLabel(`${id} ${title}`)}"]`)
  const known = new Set(tasks.map(({ id }) => id))
  const edges = tasks.flatMap(({ id, needs }) =>
    needs.filter((need) => known.has(need)).map((need) => `  t${need} --> t${id}`),
  )
  return ['graph LR', ...nodes, ...edges].join('\n')
}

/** Mermaid's own entities, for every character that means something to it, to HTML or to Markdown. */
export function mermaidLabel(text: string): string {
  return plainLine(text, 60).replace(/[^\p{L}\p{N} ./_-]/gu, (character) => `#${character.codePointAt(0)};`)
}
