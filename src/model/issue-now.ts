import { storableText } from './storable-text.ts'

/** An issue as GitHub told of it last; `at` is its `updated_at`, ISO 8601. Its texts are as they can be kept, to compare equal with what was. */
export type IssueNow = { title: string; body: string; state: 'open' | 'closed'; labels: string[]; at: string }

/** The fields that GitHub's answers and its webhooks share; optional where its descriptions say so. */
type Said = {
  title: string
  body?: string | null | undefined
  state?: string | undefined
  labels?: (string | { name?: string | undefined } | null)[] | undefined
  updated_at: string
}

export function issueNow({ title, body, state, labels = [], updated_at }: Said): IssueNow {
  return {
    title: storableText(title),
    body: storableText(body ?? ''),
    state: state === 'closed' ? 'closed' : 'open',
    labels: labels.map((label) => (typeof label === 'string' ? label : (label?.name ?? ''))),
    at: updated_at,
  }
}
