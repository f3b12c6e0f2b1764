import { randomUUID } from 'node:crypto'
import type { MarkdownIt } from 'markdown-it'

/** Tells the sanitiser a checkbox of ours from one in a stranger's HTML. Nobody outside learns it. */
export const TASK_MARK = randomUUID()

/** Shows `- [ ] to do` and `- [x] done` with a checkbox, as GitHub does. */
export function taskLists(parser: MarkdownIt): void {
  parser.core.ruler.after('inline', 'task-lists', (state) => {
    state.tokens.forEach((token, index) => {
      const isFirst =
        state.tokens[index - 1]?.type === 'paragraph_open' && state.tokens[index - 2]?.type === 'list_item_open'
      const first = token.children?.[0]
      const box = isFirst && first?.type === 'text' ? /^\[([ xX])\]\s+/.exec(first.content) : null
      if (box === null || first === undefined) return
      first.content = first.content.slice(box[0].length)
      const checkbox = new state.Token('html_inline', '', 0)
      checkbox.content = `<input type="checkbox" data-task="${TASK_MARK}"${box[1] === ' ' ? '' : ' checked'}> `
      token.children?.unshift(checkbox)
    })
  })
}
