import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

/** A case is named by what it is about, without requirements, and its own title; in the document the first begins a part. */
const named = (about: string, title: string) => `${about.charAt(0).toUpperCase()}${about.slice(1)}: ${title}`

function casesOfSuite(): string[] {
  const files = readdirSync(new URL('test/hostile', root)).filter((name) => name.endsWith('.test.ts'))
  return files.flatMap((file) => {
    let about = 'Besides'
    return read(`test/hostile/${file}`)
      .split('\n')
      .flatMap((line) => {
        about = /^describe\('(?:[A-Z]+\d*-\d+ )*(.+)', /.exec(line)?.[1] ?? about
        const [, indent, title] = /^( *)test\('(.+)', (?:async )?\(/.exec(line) ?? []
        return title === undefined ? [] : [named(indent === '' ? 'Besides' : about, title)]
      })
  })
}

function casesOfDocument(): { name: string; stops: string; seen: string }[] {
  let about = ''
  return read('docs/security.md')
    .split('\n')
    .flatMap((line) => {
      about = /^## (.+)$/.exec(line)?.[1] ?? about
      const [, title = '', stops = '', seen = ''] = /^\| (.+?) \| (.+?) \| (.+?) \|$/.exec(line) ?? []
      return title === '' || title === 'What is tried' ? [] : [{ name: named(about, title), stops, seen }]
    })
}

test('docs/security.md lists every case of the hostile suite, and no other', () => {
  const suite = casesOfSuite()
  expect(suite.length).toBeGreaterThan(40)
  expect(new Set(suite).size).toBe(suite.length)
  expect(
    casesOfDocument()
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(suite.toSorted())
})

test('docs/security.md names modules that there are', () => {
  const modules = casesOfDocument().flatMap(({ stops }) =>
    [...stops.matchAll(/`([a-z-]+\/[a-z/-]+)`/g)].map(([, path = '']) => path),
  )
  expect(modules.length).toBeGreaterThan(40)
  expect(modules.filter((path) => !existsSync(new URL(`src/${path}.ts`, root)))).toEqual([])
})
