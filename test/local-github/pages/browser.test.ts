import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { withPages } from './browsing.ts'

// A browser and Mermaid take their time where many tests run at once.
vi.setConfig({ testTimeout: 90_000 })

const demo = { owner: 'octo', repo: 'demo' }
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args })
})
afterAll(() => browser.close())

/** A page that remembers what went wrong in it. */
async function openPage(width = 1200): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    dialog.dismiss().catch(() => {})
  })
  return { page, complaints }
}

const GRAPH = '```mermaid\ngraph LR\n  a["src/a.ts"] --> b["src/b.ts"]\n```\n'

test('a person opens an issue, labels it, comments, sees a graph drawn, and sees what others do without loading again', async () => {
  await withPages(async ({ github, person }) => {
    const { page, complaints } = await openPage()
    await page.goto(`${github.url}/octo/demo/issues`)
    await page.getByRole('link', { name: 'New issue' }).click()
    await page.getByLabel('Title').fill('Draw it')
    await page.getByLabel('Description').fill(`Like this:\n\n${GRAPH}`)
    await page.getByRole('button', { name: 'Open issue' }).click()
    await page.getByRole('heading', { level: 1, name: 'Draw it #1' }).waitFor()
    await page.getByLabel('Add a label').fill('pawl')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('button', { name: 'Remove the label pawl' }).waitFor()
    await page.getByLabel('Acting as').selectOption('ann')
    await page.getByRole('button', { name: 'Change' }).click()
    await page.getByLabel('Comment in Markdown').fill('/approve')
    await page.getByRole('button', { name: 'Comment', exact: true }).click()
    await page.locator('#timeline').getByText('/approve').waitFor()

    const drawn = page.frameLocator('#description iframe').locator('svg')
    await drawn.getByText('src/b.ts').waitFor()
    await page.getByText('Source of the diagram').waitFor()

    const octo = await person('octo')
    const frame = page.frames()[1]
    await frame?.evaluate(() => Reflect.set(globalThis, 'mark', 'kept'))
    await octo.issues.createComment({ ...demo, issue_number: 1, body: `From elsewhere\n\n${GRAPH}` })
    await page.locator('#timeline').getByText('From elsewhere').waitFor()
    await page.frameLocator('iframe.diagram >> nth=1').locator('svg').getByText('src/a.ts').waitFor()
    // What has not changed was left alone: the frame of the first graph has not even been loaded again.
    expect(await frame?.evaluate(() => Reflect.get(globalThis, 'mark'))).toBe('kept')
    await drawn.getByText('src/b.ts').waitFor()

    const { data: comments } = await octo.issues.listComments({ ...demo, issue_number: 1 })
    expect(comments.map(({ body, user }) => [user?.login, body?.split('\n')[0]])).toEqual([
      ['ann', '/approve'],
      ['octo', 'From elsewhere'],
    ])
    expect(complaints).toEqual([])
    await page.close()
  })
})

test('a page that is written in is left alone until the field is empty again', async () => {
  await withPages(async ({ github, person }) => {
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'Quiet' })
    const { page } = await openPage()
    await page.clock.install()
    await page.goto(`${github.url}/octo/demo/issues/1`)
    const field = page.getByLabel('Comment in Markdown')
    await field.fill('half a thou')
    await field.blur()
    await octo.issues.createComment({ ...demo, issue_number: 1, body: 'First' })
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.clock.runFor(10_000)
    expect(asked).toEqual([])
    expect(await field.inputValue()).toBe('half a thou')
    await field.fill('')
    await field.blur()
    await page.clock.runFor(2_000)
    await page.locator('#timeline').getByText('First').waitFor()
    await page.close()
  })
})

test('hostile Markdown runs nothing in a browser, and nothing comes so far that the policy must refuse it', async () => {
  const attacks = [
    '<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)></svg>',
    '<a href="javascript:alert(4)">click me</a>',
    '<details open ontoggle=alert(5)><summary>s</summary></details><iframe srcdoc="<script>alert(6)</script>"></iframe>',
  ]
  await withPages(async ({ github, person }) => {
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: '<script>alert(0)</script>', body: attacks.join('\n\n') })
    const { page, complaints } = await openPage()
    await page.goto(`${github.url}/octo/demo/issues/1`)
    await page.getByText('click me').click()
    expect(complaints).toEqual([])
    expect(page.url()).toBe(`${github.url}/octo/demo/issues/1`)
    await page.close()
  })
})

test('hostile graphs run nothing, and their frames do not reach the page', async () => {
  const attacks = [
    '```mermaid\ngraph LR\n  a["<img src=x onerror=alert(7)>"] --> b\n  click b "javascript:alert(8)"\n  click a call alert(9)\n```',
    '```mermaid\n%%{init: {"securityLevel": "loose", "htmlLabels": true}}%%\ngraph LR\n  c["<iframe srcdoc=\'<script>top.alert(10)</script>\'></iframe>"]\n```',
  ]
  await withPages(async ({ github, person }) => {
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'Graphs', body: attacks.join('\n\n') })
    const { page, complaints } = await openPage()
    await page.goto(`${github.url}/octo/demo/issues/1`)
    const graphs = [0, 1].map((index) => page.frameLocator(`iframe.diagram >> nth=${index}`).locator('svg .node'))
    for (const nodes of graphs) {
      await nodes.first().waitFor()
      for (const node of await nodes.all()) await node.click()
    }
    // Mermaid tries handlers out while it measures; the policy of the frame, which allows none, is what stops them.
    expect(complaints.filter((complaint) => !complaint.includes('Content Security Policy'))).toEqual([])
    expect(page.url()).toBe(`${github.url}/octo/demo/issues/1`)
    const reach = page
      .frames()
      .slice(1)
      .map((frame) =>
        frame.evaluate(() => {
          try {
            return String(Reflect.get(Reflect.get(globalThis, 'parent') as object, 'document'))
          } catch (error) {
            return error instanceof Error ? error.name : 'refused'
          }
        }),
      )
    expect(await Promise.all(reach)).toEqual(['SecurityError', 'SecurityError'])
    await page.close()
  })
})

test('pages fit a narrow screen', async () => {
  await withPages(async ({ github, person }) => {
    const octo = await person('octo')
    const long = 'a'.repeat(200)
    await octo.issues.create({
      ...demo,
      title: long,
      body: `${long}\n\n| ${'column | '.repeat(20)}\n|${'---|'.repeat(20)}\n\n${GRAPH}`,
    })
    const { page } = await openPage(360)
    const widths: Record<string, unknown> = {}
    for (const path of ['', 'octo/demo', 'octo/demo/issues', 'octo/demo/issues/new', 'octo/demo/issues/1']) {
      await page.goto(`${github.url}/${path}`)
      widths[path] = await page.evaluate('document.documentElement.scrollWidth')
    }
    expect(new Set(Object.values(widths))).toEqual(new Set([360]))
    await page.close()
  })
})
