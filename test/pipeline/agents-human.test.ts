import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { change, NO_DEPLOYMENT, place, startWorld, type Place, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const config = (human = '{ use: human }', more = '') => `${NO_DEPLOYMENT}agents:
  - { use: patch }
  - ${human}
${more}`

const WORDS = 'Please raise the price in `src/price.js` to 2.'

/** An approved update that waits for a person, with the branch and the pull request in which it does. */
async function waiting(shop: Place, body = WORDS) {
  const issue = await shop.approved(body, { title: 'Raise the price' })
  const { codename } = await shop.until(issue, ({ phase }) => phase === 'awaiting push')
  const branch = `pawl/${codename}`
  const { progress } = await shop.record(issue)
  const pull_number = progress?.pull ?? 0
  const pull = async () => (await shop.as('ann').pulls.get({ ...shop.at, pull_number })).data
  return { issue, branch, pull, begun: progress?.branch ?? '', pull_number }
}

/** What the app says in the pull request, once there is so much. */
async function saidIn(shop: Place, pull: number, text: RegExp): Promise<string> {
  return shop.told(pull, { kind: 'handover', text })
}

describe.concurrent('a task for a person', () => {
  test('EXEC-1 EXEC-2 is handed over in a draft, taken from whoever may push, and judged like any other', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const { issue, branch, pull, pull_number } = await waiting(shop)
    const draft = await pull()
    expect(draft.draft).toBe(true)
    for (const said of ['May touch: `src/**`', `git push origin ${branch}`, '@ann', 'other updates wait']) {
      expect(draft.body).toContain(said)
    }
    const { plan } = await shop.record(issue)
    expect(plan?.tasks).toMatchObject([{ agent: 'human', exact: false, changes: [], mayTouch: ['src/**'] }])
    // The commit that opens the pull request changes nothing, and no workflow runs for it.
    expect(draft.changed_files).toBe(0)
    const runs = await shop.as('ann').actions.listWorkflowRunsForRepo({ ...shop.at, branch })
    expect(runs.data.total_count).toBe(0)

    await shop.push('src/price.js', 'export const price = 2\n', branch, 'bob')
    const done = await shop.over(issue)
    expect(done.outcome).toBe('succeeded')
    expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
    const merged = await pull()
    expect(merged).toMatchObject({ draft: false, merged: true })
    expect(merged.body).toContain('This branch belongs to Pawl')
    const { data: commits } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number })
    expect(commits.map(({ commit, author }) => [author?.login, commit.message.split('\n')[0]])).toEqual([
      [undefined, expect.stringContaining('Begin: ')],
      ['bob', 'Write src/price.js'],
      [undefined, expect.not.stringContaining('Begin: ')],
    ])
    expect(await shop.told(issue, { text: /bob pushed/ })).toContain('human')
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
    expect(await shop.refs('pawl/')).toEqual([])
  })

  test('EXEC-1 a push by nobody who may is refused and stays out, and the wait goes on', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const bot = await shop.person('helper[bot]', 'write')
    const { issue, branch, begun, pull_number } = await waiting(shop)
    const { data: there } = await bot.repos.getContent({ ...shop.at, path: 'src/price.js', ref: branch })
    const sha = 'sha' in there ? there.sha : ''
    const content = Buffer.from('export const price = 666\n').toString('base64')
    const written = { ...shop.at, path: 'src/price.js', branch, sha, content, message: 'Mine' }
    await bot.repos.createOrUpdateFileContents(written)
    expect(await saidIn(shop, pull_number, /is not taken/)).toMatch(/helper.*is a bot/)
    // What somebody who may pushes on top of it holds it still.
    await shop.push('src/shop.js', 'export const shop = 2\n', branch, 'bob')
    await shop.until(issue, ({ state }) => JSON.stringify(state['findings']).includes('push-refused'))
    expect((await shop.until(issue, () => true)).phase).toBe('awaiting push')

    await shop.as('bob').git.updateRef({ ...shop.at, ref: `heads/${branch}`, sha: begun, force: true })
    await shop.push('src/price.js', 'export const price = 3\n', branch, 'bob')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect(await shop.text('src/price.js')).toBe('export const price = 3\n')
  })

  test('EXEC-2 a push outside of the plan stops the update, and nothing is left of it', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const before = await shop.head()
    const { issue, branch, pull } = await waiting(shop)
    await shop.push('package.json', '{}\n', branch, 'bob')
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect((await shop.record(issue)).findings).toMatchObject([{ rule: 'deviation-path', path: 'package.json' }])
    expect(await shop.head()).toEqual(before)
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
    expect((await pull()).state).toBe('closed')
  })

  test('EXEC-2 or people are asked about it, and a further push is for the plan that they approve then', async () => {
    const shop = await place(world, { config: config(undefined, 'deviation: approve\n') })
    await shop.settle()
    const { issue, branch, pull } = await waiting(shop)
    await shop.push('package.json', '{}\n', branch, 'bob')
    await shop.planned(issue, 2)
    expect(await shop.told(issue, { kind: 'plan', text: /revision 2/i })).toContain('plan does not name')
    expect((await pull()).state).toBe('closed')
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
    await shop.say(issue, '/approve')
    await shop.until(issue, ({ phase }) => phase === 'awaiting push')
    await shop.push('src/price.js', 'export const price = 2\n', branch, 'bob')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
  })

  test('GATE1-5 GATE1-2 what checks and reviewers find wrong with a push goes back to the person', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const { issue, branch, begun, pull_number } = await waiting(shop)
    const bob = shop.as('bob').git
    const price = {
      path: 'src/price.js',
      mode: '100644',
      type: 'blob',
      content: 'export const price = 2 // BROKEN\n',
    } as const
    const link = { path: 'src/out.js', mode: '120000', type: 'blob', content: '/etc/passwd' } as const
    const tree = (await bob.createTree({ ...shop.at, base_tree: begun, tree: [price, link] })).data.sha
    const made = await bob.createCommit({ ...shop.at, message: 'Raise it', tree, parents: [begun] })
    await bob.updateRef({ ...shop.at, ref: `heads/${branch}`, sha: made.data.sha })
    const back = await saidIn(shop, pull_number, /is yours again/)
    expect(back).toContain('The check test ended as failure')
    expect(back).toContain('symbolic link has an absolute target')
    await shop.until(issue, ({ phase }) => phase === 'awaiting push')
    const fixed = { ...price, content: 'export const price = 2\n' }
    const head = (await bob.getRef({ ...shop.at, ref: `heads/${branch}` })).data.object.sha
    const gone = { path: link.path, mode: link.mode, type: link.type, sha: null }
    const again = (await bob.createTree({ ...shop.at, base_tree: head, tree: [fixed, gone] })).data.sha
    const better = await bob.createCommit({ ...shop.at, message: 'Correct it', tree: again, parents: [head] })
    await bob.updateRef({ ...shop.at, ref: `heads/${branch}`, sha: better.data.sha })
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect((await shop.record(issue)).fixed).toHaveLength(1)
    expect(await shop.text('src/price.js')).toBe('export const price = 2\n')
  })

  test('GATE-5 nobody pushes in time: people were reminded, and the turn is given back', async () => {
    const shop = await place(world, { config: config('{ use: human, timeout: 3s }') })
    await shop.settle()
    const before = await shop.head()
    const { issue, pull, pull_number } = await waiting(shop)
    expect((await shop.over(issue)).outcome).toBe('failed')
    expect((await shop.record(issue)).findings).toMatchObject([{ rule: 'push-missing' }])
    expect(await saidIn(shop, pull_number, /still waits for a push/)).toContain('@ann')
    expect((await pull()).state).toBe('closed')
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
    expect(await shop.refs('pawl/')).toEqual([])
    expect(await shop.head()).toEqual(before)
  })

  test('/cancel ends the wait; what somebody has pushed that was not taken is left to them', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const { issue, branch, pull_number } = await waiting(shop)
    const bot = await shop.person('helper[bot]', 'write')
    const content = Buffer.from('mine\n').toString('base64')
    await bot.repos.createOrUpdateFileContents({ ...shop.at, path: 'src/x.js', branch, content, message: 'Mine' })
    await saidIn(shop, pull_number, /is not taken/)
    await shop.say(issue, '/cancel', 'bob')
    expect((await shop.over(issue)).outcome).toBe('cancelled')
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main', `refs/heads/${branch}`])
  })

  test('SNAP-4 who merges it past the gates while it waits has it taken back', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const before = await shop.head()
    const { issue, branch, pull, pull_number } = await waiting(shop)
    const bot = await shop.person('helper[bot]', 'write')
    const content = Buffer.from('mine\n').toString('base64')
    await bot.repos.createOrUpdateFileContents({ ...shop.at, path: 'src/x.js', branch, content, message: 'Mine' })
    await saidIn(shop, pull_number, /is not taken/)
    const ready =
      'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }'
    await shop.as('bob').graphql(ready, { id: (await pull()).node_id })
    await shop.as('bob').pulls.merge({ ...shop.at, pull_number })
    expect((await shop.over(issue)).outcome).toBe('rolled-back')
    expect((await shop.head()).tree).toBe(before.tree)
    expect(await shop.told(issue, { kind: 'failure-report' })).toContain('exactly the tree of the snapshot')
    expect(await shop.refs('heads/')).toEqual(['refs/heads/main'])
  })

  test('EXEC-3 tasks of people and of others follow each other, a commit each', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const late = '```js path=src/late.js\nexport const late = 1\n```\n'
    const tasks = '# Tasks\n- Say in `README.md` what it costs.\n- Use it in `src/shop.js`.\n\n'
    const raise = change('export const price = 1', 'export const price = 2')
    const { issue, branch, pull, pull_number } = await waiting(shop, `${raise}\n${tasks}${late}`)
    const { plan } = await shop.record(issue)
    expect(plan?.tasks.map(({ agent }) => agent)).toEqual(['patch', 'human', 'patch', 'human'])
    // Whoever works on the second task has what the first one made.
    expect(await shop.text('src/price.js', branch)).toBe('export const price = 2\n')
    await shop.push('README.md', '# shop\n\nIt costs 2.\n', branch, 'bob')
    expect(await saidIn(shop, pull_number, /Task 4/)).toContain('May touch: `src/**`')
    expect((await pull()).draft).toBe(true)
    await shop.push('src/shop.js', 'export const shop = () => 2\n', branch, 'mia')
    expect((await shop.over(issue)).outcome).toBe('succeeded')
    expect(await shop.text('README.md')).toContain('It costs 2.')
    expect(await shop.text('src/late.js')).toBe('export const late = 1\n')
    const { data } = await shop.as('ann').pulls.listCommits({ ...shop.at, pull_number })
    const trailers = data.map(({ commit }) => /Pawl-Task: (\d)/.exec(commit.message)?.[1] ?? commit.message)
    expect(trailers).toEqual(['1', '2', 'Write README.md', '2', '3', '4', 'Write src/shop.js', '4'])
    expect(await shop.refs('pawl/')).toEqual([])
  })

  test('PRE-8 words that name no file are asked about: a push could be held against nothing', async () => {
    const shop = await place(world, { config: config() })
    await shop.settle()
    const issue = await shop.ask('Please make the shop nicer.')
    const over = await shop.over(issue)
    expect(over.outcome).toBe('needs-info')
    expect(await shop.told(issue, { kind: 'questions' })).toContain('names no file')
  })
})
