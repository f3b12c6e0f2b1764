import { expect, test } from 'vitest'

import { partOf, withPages } from './browsing.ts'

const demo = { owner: 'octo', repo: 'demo' }

/** The HTML of each Markdown text, as the page of an issue that begins with it shows it. */
async function shown(texts: readonly ((url: string) => string)[]): Promise<string[]> {
  const pages: string[] = []
  await withPages(async ({ github, visitor, person }) => {
    const octo = await person('octo')
    for (const text of texts) {
      const { data } = await octo.issues.create({ ...demo, title: 'T', body: text(github.url) })
      const page = await visitor.get(`/octo/demo/issues/${data.number}`)
      const part = partOf(page.text, 'description')
      const [, body = ''] = /<div class="markdown">([^]*?)<\/div>\s*<\/article>/.exec(part) ?? []
      pages.push(body.trim())
    }
  })
  return pages
}

const show = async (text: string): Promise<string> => (await shown([() => text]))[0] ?? ''

test('GitHub Markdown is shown: tables, task lists, strikethrough, line ends, bare addresses, folds', async () => {
  const html = await show(
    [
      '| a | b |\n|:--|--:|\n| 1 | 2 |\n',
      '- [ ] to do\n- [x] done\n- [y] neither\n',
      '~~old~~ one\ntwo http://example.org/a_b_c\n',
      '<details><summary>More</summary>\n\n**inside**\n\n</details>\n',
      '<!-- a marker -->\n',
      '```ts\nlet a = "<b>"\n```',
    ].join('\n'),
  )
  expect(html).toContain('<td align="right">2</td>')
  expect(html).toMatch(/<li><input type="checkbox" disabled \/> to do<\/li>/)
  expect(html).toMatch(/<li><input type="checkbox" disabled checked \/> done<\/li>/)
  expect(html).toContain('<li>[y] neither</li>')
  expect(html).toMatch(/<s>old<\/s> one<br \/>\s*two <a href="http:\/\/example.org\/a_b_c" rel="nofollow">/)
  expect(html).toMatch(/<details><summary>More<\/summary>\s*<p><strong>inside<\/strong><\/p>\s*<\/details>/)
  expect(html).not.toContain('marker')
  expect(html).toContain('<pre lang="ts"><code>let a = "&lt;b&gt;"')
})

test('references are linked where there is something, and never in code or in links', async () => {
  const sha = 'a'.repeat(40)
  const [, plain = '', silent = '', addresses = ''] = await shown([
    () => 'first',
    () => `See #1, octo/demo#1, #99, @octo, @nobody, mail@octo and ${sha}.`,
    () => `\`#1 @octo\` [#1 **@octo**](http://example.org/) &#8203;@&#8203;octo <code>#1</code>\n\n    #1`,
    (url) => `${url}/octo/demo/issues/1#issuecomment-7 and ${url}/octo/demo/issues/1 and ${url}/octo/demo`,
  ])
  expect(plain).toContain('<a href="/octo/demo/issues/1" title="T">#1</a>, <a')
  expect(plain).toContain('>octo/demo#1</a>, #99, <a href="/octo">@octo</a>, @nobody, mail@octo')
  expect(plain).toContain(`<a href="/octo/demo/commit/${sha}"><code>aaaaaaa</code></a>`)
  expect(silent.match(/<a /g)).toHaveLength(1)
  expect(addresses).toMatch(/issuecomment-7" rel="nofollow">#1 \(comment\)<\/a> and <a [^>]*>#1<\/a> and <a [^>]*>http/)
})

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="jAvAsCrIpT&#58;alert(1)">x</a>',
  '[x](javascript:alert(1)) [y](data:text/html,hi) [z](vbscript:x)',
  '<svg><script>alert(1)</script></svg>',
  '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
  '<iframe src="http://example.org/"></iframe>',
  '<style>body{display:none}</style>',
  '<p style="position:fixed" class="alert" id="main" name="q">x</p>',
  '<form action="/_acting-as"><input name="login" value="x"><button>x</button></form>',
  '<input type="checkbox" data-task="x" checked>',
  '<meta http-equiv="refresh" content="0;url=http://example.org/"><base href="http://example.org/">',
  '<details open ontoggle=alert(1)>x</details>',
  '<a href="//example.org/">x</a>',
  '<img src="/octo/demo">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<!--><img src=x onerror=alert(1)>-->',
  '```"><img src=x onerror=alert(1)>\nx\n```',
  '<object data="http://example.org/"></object><embed src="http://example.org/">',
  '<textarea><img src=x onerror=alert(1)></textarea>',
  '<a title="`<img src=x onerror=alert(1)>`">x</a>',
]

const FORBIDDEN = [
  /\son\w+=|style=|class=|\sid=|\sname=|data-task|srcdoc|action=/i,
  /(href|src)="(?!https?:\/\/)/,
  /^<\/?(script|style|iframe|svg|math|form|button|meta|base|object|embed|textarea|input)/i,
]

test('hostile Markdown leaves nothing that runs, styles, or poses as a part of the page', async () => {
  const pages = await shown(HOSTILE.map((text) => () => text))
  const found = pages.flatMap((html, index) => {
    // A title may say anything.
    const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/ title="[^"]*"/, ''))
    return tags.filter((tag) => FORBIDDEN.some((pattern) => pattern.test(tag))).map((tag) => [HOSTILE[index], tag])
  })
  expect(pages).toHaveLength(HOSTILE.length)
  expect(found).toEqual([])
})

test('a text cannot close what it stands in', async () => {
  const html = await show('</div></article></main><h1>Fooled</h1></body></html>\n\n<div><details><b>open')
  expect(html).toContain('Fooled')
  expect(html).not.toMatch(/<\/(article|main|body|html)>/)
  const depth = [...html.matchAll(/<(\/?)(div|details|b)\b/g)].reduce(
    (so, [, slash]) => so + (slash === '/' ? -1 : 1),
    0,
  )
  expect(depth).toBe(0)
})
