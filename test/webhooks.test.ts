import { readFileSync } from 'node:fs'
import payloads from '@octokit/webhooks-examples' with { type: 'json' }
import { Probot } from 'probot'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Doors } from '../src/pipeline/doors.ts'
import { webhooks } from '../src/webhooks.ts'

type Payload = Record<string, unknown> & { action?: string }
/** Payloads that GitHub really sent, by event. */
const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(payloads)

const called: [string, unknown[]][] = []
const record = (name: string) => {
  return async (...given: unknown[]) => void called.push([name, given])
}
const seen: unknown[][] = []
const doors: Doors = {
  seen: async (...given: unknown[]) => void seen.push(given),
  labelled: record('labelled'),
  unlabelled: record('unlabelled'),
  closed: record('closed'),
  edited: record('edited'),
  commented: record('commented'),
  nudge: record('nudge'),
}

let probot: Probot
beforeAll(async () => {
  probot = new Probot({ appId: 1, privateKey: 'unused', secret: 'unused', logLevel: 'fatal' })
  await probot.load(webhooks(doors))
})
beforeEach(() => {
  called.splice(0)
  seen.splice(0)
})

const receive = (name: string, payload: Payload) =>
  probot.receive({ id: 'd1', name, payload } as unknown as Parameters<Probot['receive']>[0])
/** A real payload of `event` with this action, or one like it where there is none. */
function example(event: string, action?: string, more: Payload = {}): Payload {
  const payloads = examples.find(({ name }) => name === event)?.examples ?? []
  const found = payloads.find((payload) => payload['action'] === action) ?? payloads[0]
  if (!found) throw new Error(`There is no example of ${event}.`)
  return { ...found, ...(action === undefined ? {} : { action }), ...more }
}
const INSTALLATION = { installation: { id: 3 } }
const HELLO = 'Codertocat/Hello-World'

test('whatever GitHub tells about an issue is noted, of a pull request nothing', async () => {
  const { issue } = example('issue_comment', 'edited') as { issue: { title: string; updated_at: string } }
  await receive('issue_comment', example('issue_comment', 'edited'))
  expect(seen).toMatchObject([
    [
      { repo: HELLO, issue: 1 },
      { title: issue.title, state: 'open', at: issue.updated_at },
    ],
  ])
  await receive('issue_comment', example('issue_comment', 'edited', { issue: { ...issue, pull_request: {} } }))
  expect(seen).toHaveLength(1)
})

test('a label put on an issue comes with everything that the update needs of it', async () => {
  await receive('issues', example('issues', 'labeled', INSTALLATION))
  expect(called).toEqual([
    [
      'labelled',
      [
        {
          delivery: 'd1',
          repo: HELLO,
          installation: 3,
          issue: 1,
          title: 'Spelling error in the README file',
          body: "It looks like you accidently spelled 'commit' with two 't's.",
          label: 'bug',
          labels: ['bug'],
          trust: 'maintainer',
          requester: 'Codertocat',
          defaultBranch: 'master',
          cloneUrl: 'https://github.com/Codertocat/Hello-World.git',
          htmlUrl: 'https://github.com/Codertocat/Hello-World',
        },
      ],
    ],
  ])
})

test.each([
  ['OWNER', 'maintainer'],
  ['MEMBER', 'maintainer'],
  ['COLLABORATOR', 'maintainer'],
  ['CONTRIBUTOR', 'outsider'],
  ['FIRST_TIMER', 'outsider'],
  ['NONE', 'outsider'],
])('the text of an author who is %s is that of a %s', async (author_association, trust) => {
  const payload = example('issues', 'labeled', INSTALLATION)
  await receive('issues', { ...payload, issue: { ...(payload['issue'] as object), author_association } })
  expect(called).toMatchObject([['labelled', [{ trust }]]])
})

test('a label on a pull request, and one in a repository where the app is not installed, start nothing', async () => {
  const payload = example('issues', 'labeled', INSTALLATION)
  await receive('issues', { ...payload, issue: { ...(payload['issue'] as object), pull_request: { url: 'x' } } })
  await receive('issues', { ...payload, installation: undefined })
  expect(called).toEqual([])
})

test.each([
  ['issues', 'unlabeled', 'unlabelled', [{ repo: HELLO, issue: 1 }, 'bug', 'Codertocat', 'd1']],
  ['issues', 'closed', 'closed', [{ repo: HELLO, issue: 1 }, 'Codertocat', 'd1']],
  [
    'issue_comment',
    'created',
    'commented',
    [
      {
        repo: HELLO,
        issue: 1,
        delivery: 'd1',
        comment: 492700400,
        pull: false,
        actor: 'Codertocat',
        body: expect.stringMatching(/^You are totally right!/),
        at: '2019-05-15T15:20:21Z',
      },
    ],
  ],
])('%s %s is told', async (event, action, door, given) => {
  await receive(event, example(event, action))
  expect(called).toEqual([[door, given]])
})

test('an edit of the text of an issue is told, one of anything else is not', async () => {
  const payload = example('issues', 'edited')
  await receive('issues', { ...payload, changes: { body: { from: 'before' } } })
  await receive('issues', { ...payload, changes: { title: { from: 'before' } } })
  await receive('issues', { ...payload, changes: {} })
  const { issue } = payload as { issue: { title: string; body: string } }
  const edited = [
    'edited',
    [{ repo: HELLO, issue: 1 }, { title: issue.title, body: issue.body, actor: 'Codertocat' }, 'd1'],
  ]
  expect(called).toEqual([edited, edited])
})

test('a comment on a pull request is marked as one, and one too long to be a command is dropped', async () => {
  const payload = example('issue_comment', 'created') as { issue: object; comment: { body: string } }
  await receive('issue_comment', { ...payload, issue: { ...payload.issue, pull_request: { url: 'x' } } })
  expect(called).toMatchObject([['commented', [{ pull: true }]]])
  await receive('issue_comment', { ...payload, comment: { ...payload.comment, body: '/approve '.repeat(100_000) } })
  expect(called).toHaveLength(1)
})

test('an edited or deleted comment is no command', async () => {
  await receive('issue_comment', example('issue_comment', 'edited'))
  await receive('issue_comment', example('issue_comment', 'deleted'))
  expect(called).toEqual([])
})

test.each([
  ['check_suite', 'completed', { about: 'checks', suite: expect.any(Number) }],
  ['deployment_status', 'created', { about: 'deployment', deployment: expect.any(Number), state: expect.any(String) }],
  ['pull_request', 'closed', { about: 'pull-request', pull: 2, state: 'closed' }],
  ['pull_request', 'synchronize', { about: 'pull-request', pull: 2 }],
  ['pull_request', 'reopened', { about: 'pull-request', pull: 2, state: 'open' }],
  ['pull_request_review', 'submitted', { about: 'pull-request', pull: expect.any(Number) }],
  ['pull_request_review', 'dismissed', { about: 'pull-request', pull: expect.any(Number) }],
  ['push', undefined, { about: 'push' }],
])('%s %s nudges whoever waits in the repository', async (event, action, nudge) => {
  await receive(event, example(event, action))
  expect(called).toEqual([['nudge', [HELLO, expect.objectContaining({ kind: 'nudge', ...nudge }), 'd1']]])
})

const listens = [
  'issues.labeled',
  'issues.unlabeled',
  'issues.closed',
  'issues.edited',
  'issue_comment.created',
  'check_suite.completed',
  'deployment_status.created',
  'pull_request.closed',
  'pull_request.synchronize',
  'pull_request.reopened',
  'pull_request_review.submitted',
  'pull_request_review.dismissed',
  'push',
]
test.each(examples.map(({ name, examples: payloads }) => [name, payloads] as const))(
  'every real %s passes, and only those that are listened to reach a door',
  async (name, payloads) => {
    const surprising: unknown[] = []
    for (const payload of payloads) {
      called.splice(0)
      await receive(name, { ...payload, ...INSTALLATION })
      const event = typeof payload['action'] === 'string' ? `${name}.${payload['action']}` : name
      if (called.length > (listens.includes(event) ? 1 : 0)) surprising.push([event, called])
    }
    expect(surprising).toEqual([])
  },
)

test('app.yml subscribes to exactly the events that are listened to', () => {
  const heard: string[] = []
  const listener = { on: (events: string | string[]) => void heard.push(...[events].flat()) }
  webhooks(doors)(listener as unknown as Probot)
  // Whatever is told of an issue is noted.
  expect(new Set(heard)).toEqual(new Set([...listens, 'issues', 'issue_comment']))
  const text = readFileSync(new URL('../app.yml', import.meta.url), 'utf8')
  const { default_events } = z.object({ default_events: z.array(z.string()) }).parse(parse(text))
  expect(new Set(default_events)).toEqual(new Set(heard.map((event) => event.split('.', 1)[0])))
})
