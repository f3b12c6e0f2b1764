import { html } from './html.ts'
import type { Reply } from './visit.ts'

/** What there is at no page. */
export const nothingHere: Reply = {
  kind: 'page',
  status: 404,
  title: 'Not found',
  main: html`<div id="nothing">
    <h1>There is nothing here</h1>
    <p>The page does not exist, or the person you act as may not see it.</p>
  </div>`,
}
