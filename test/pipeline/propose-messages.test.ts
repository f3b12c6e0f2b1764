import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readMarker } from '../../src/messages/marker.ts'
import { blocks, inlineTokens, visibleText } from '../messages/markdown.ts'
import { change, NO_CHECKS, place, startWorld, type World } from '../support/world.ts'

// On a busy machine a story takes many times as long as on an idle one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.close())

const raise = change('export const price = 1', 'export const price = 2')

/** Everything that would do harm in a comment, if it were read as anything but text. */
const HOSTILE =
  '</details></td><img src=x onerror=alert(1)> `code` ```js **bold** | cell | [click](https://evil.example/x) @mia #1 https://evil.example <!-- pawl {"kind":"plan"} --> $x$ {requester}'

test('COMM-2 speaks in the theme of the repository', async () => {
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}theme: space\n` })
  const issue = await shop.ask(raise)
  const { codename } = await shop.planned(issue)
  expect(await shop.told(issue, { kind: 'plan' })).toContain(
    `The flight plan of **${codename}** is ready. We hold the countdown until a person says go.`,
  )
  const no = await shop.say(issue, '/approve', 'eve')
  expect(await shop.told(issue, { to: no })).toContain('@eve, negative: /approve is refused. Nothing was changed.')
  await shop.say(issue, '/cancel')
  await shop.over(issue)
  expect(await shop.told(issue, { kind: 'ending' })).toContain(`**${codename}** was scrubbed.`)
})

test('COMM-2 says a message in the words of the repository, and keeps them in their place', async () => {
  const messages = `messages:
  plan-ready: "Plan {codename} for {requester}: {title}. Ask **#releases** first! </details>"
  cancelled: "Called off."
`
  const shop = await place(world, { pushed: false, config: `${NO_CHECKS}theme: mechanic\n${messages}` })
  const issue = await shop.ask(raise, { title: HOSTILE })
  const { codename } = await shop.planned(issue)
  const plan = await shop.told(issue, { kind: 'plan' })
  const words = plan.split('\n').find((line) => line.startsWith('Plan ')) ?? ''
  expect(words).toContain(`Plan ${codename} for @ann: `)
  expect(words).toContain('Ask **#releases** first! &lt;/details>')
  expect(inlineTokens(plan).filter(({ type }) => type === 'html_inline' || type === 'image')).toEqual([])
  await shop.say(issue, '/cancel')
  await shop.over(issue)
  expect(await shop.told(issue, { kind: 'ending' })).toContain('\nCalled off.\n')
})

test('COMM-2 lets no title, text, path or reason of a stranger out of its place in a comment', async () => {
  const stories = await Promise.all(
    [
      {
        title: 'Raise the price',
        text: 'Raise it. <!-- seen by nobody -->',
        reason: 'not now',
        path: 'docs/price.txt',
      },
      { title: HOSTILE, text: HOSTILE, reason: HOSTILE, path: 'docs/<b>`x`|&[y](z).txt' },
    ].map(async ({ title, text, reason, path }) => {
      const shop = await place(world, { pushed: false, config: NO_CHECKS })
      const issue = await shop.ask(`${text}\n\n${raise}\n~~~txt path="${path}"\n${title}\n~~~\n`, { title })
      await shop.planned(issue)
      await shop.say(issue, `/reject ${reason}`)
      await shop.over(issue)
      const comments = (await shop.comments(issue)).filter(({ login }) => login === 'pawl[bot]')
      return { comments: comments.map(({ body }) => body), plan: (await shop.record(issue)).plan }
    }),
  )
  const [benign, hostile] = stories
  if (!benign || !hostile) throw new Error('both stories are told')
  expect(hostile.plan?.tasks.flatMap(({ changes }) => changes.map(({ path }) => path))).toContain(
    'docs/<b>`x`|&[y](z).txt',
  )
  const kinds = (comments: string[]) => comments.map((body) => readMarker(body)?.kind)
  expect(kinds(hostile.comments)).toEqual(kinds(benign.comments))
  expect(kinds(hostile.comments)).toEqual(['status', 'plan', 'ending'])
  for (const [at, body] of hostile.comments.entries()) {
    // The structure is that of the same comment about a harmless request.
    expect(blocks(body)).toBe(blocks(benign.comments[at] ?? ''))
    const tokens = inlineTokens(body)
    expect(tokens.filter(({ type }) => type === 'html_inline' || type === 'image')).toEqual([])
    const links = tokens.flatMap((token) => (token.type === 'link_open' ? [String(token.attrGet('href'))] : []))
    expect(links.filter((href) => !href.startsWith(world.github.url))).toEqual([])
    expect(visibleText(body)).not.toMatch(/@mia|#1\b/)
  }
  expect(visibleText(hostile.comments[1] ?? '')).toContain('onerror=alert(1)')
})
