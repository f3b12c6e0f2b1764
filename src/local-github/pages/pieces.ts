import type { World } from '../contract.ts'
import { userById } from '../people.ts'
import type { IssueRecord, LabelRecord, RepositoryRecord } from '../records.ts'
import { commitPath, userPath } from './addresses.ts'
import { html, type Html } from './html.ts'

/*
 * What many pages show, each the same everywhere.
 */

/** `2026-01-02 03:04:05`, in UTC. Not "a minute ago": a page must not change when nothing happens. */
export function when(time: string): Html {
  const shown = time.replace('T', ' ').replace(/(\.\d+)?Z$/, '')
  return html`<time datetime="${time}" title="UTC">${shown}</time>`
}

/** A person, or an app's bot, by id. */
export function who(world: World, userId: number): Html {
  const { login, type } = userById(world.store, userId)
  const name = login.replace(/\[bot\]$/, '')
  return html`<a class="who" href="${userPath(login)}">${name}</a
    >${type === 'Bot' && html` <span class="tag">bot</span>`}`
}

export function shortSha(repository: RepositoryRecord, sha: string): Html {
  return html`<a class="sha" href="${commitPath(repository, sha)}"><code>${sha.slice(0, 7)}</code></a>`
}

/** A label with its colour as a dot, so that its name is readable in any colour. */
export function labelTag({ name, color }: Pick<LabelRecord, 'name' | 'color'>): Html {
  // A presentation attribute: inline styles are forbidden here.
  return html`<span class="label"
    ><svg viewBox="0 0 8 8" width="10" height="10" aria-hidden="true">
      <circle cx="4" cy="4" r="4" fill="#${color}" /></svg
    >${name}</span
  >`
}

/** A state in words and in a colour that goes with it: `open`, `success`, `failure`, `running`, `waiting`, `merged`, `neutral`. */
export function stateTag(state: string): Html {
  return html`<span class="state ${toneOf(state)}">${state.replaceAll('_', ' ')}</span>`
}

const TONES: Readonly<Record<string, readonly string[]>> = {
  open: ['open'],
  success: ['success', 'approved', 'clean', 'latest'],
  failure: ['failure', 'error', 'timed_out', 'action_required', 'startup_failure', 'changes_requested', 'dirty'],
  running: ['in_progress', 'warning'],
  waiting: ['queued', 'pending', 'waiting', 'requested', 'blocked', 'unstable'],
  merged: ['merged', 'closed'],
}

function toneOf(state: string): string {
  return Object.keys(TONES).find((tone) => TONES[tone]?.includes(state)) ?? 'neutral'
}

/** `open`, `closed`, `merged` or `draft`. */
export function stateOfIssue(world: World, issue: IssueRecord): string {
  const pull = issue.isPull ? world.store.get('pull', issue.id) : undefined
  if (pull?.merged === true) return 'merged'
  return pull?.draft === true && issue.state === 'open' ? 'draft' : issue.state
}

/** `1 comment`, `2 comments`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A refusal above a form, in the words of the API. */
export function alertOf(message: string | null): Html | null {
  return message === null ? null : html`<p class="alert" role="alert" id="refusal">${message}</p>`
}
