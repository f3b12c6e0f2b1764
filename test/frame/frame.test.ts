import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const Package = z.object({
  scripts: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
})

test('every package is pinned to one version', () => {
  const { dependencies, devDependencies, optionalDependencies } = Package.parse(JSON.parse(read('package.json')))
  const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/.test(version))).toEqual([])
})

test('every file that a script names is there', () => {
  const { scripts } = Package.parse(JSON.parse(read('package.json')))
  const files = Object.values(scripts).flatMap((script) => script.match(/\b(?:src|scripts)\/[\w/-]+\.(?:ts|sh)/g) ?? [])
  expect(files).toContain('src/cli.ts')
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
})

test("npm says nothing of its own, so that a command's document stands alone on stdout", () => {
  expect(read('.npmrc')).toMatch(/^loglevel=silent$/m)
})

test('each permission and each event of app.yml has a reason above it', () => {
  const lines = read('app.yml').split('\n')
  const entries = lines.flatMap((line, at) => (/^ {2}(- \w+|\w+: \w+)$/.test(line) ? [at] : []))
  expect(entries.length).toBeGreaterThan(15)
  expect(entries.filter((at) => !lines[at - 1]?.startsWith('  # ')).map((at) => lines[at])).toEqual([])
})

test('the image runs as a user without privileges, with git, the sandbox and production packages only', () => {
  const dockerfile = read('Dockerfile')
  const [, final = ''] = dockerfile.split(/^FROM .*\n(?=RUN apt-get)/m)
  expect(dockerfile).toMatch(/^RUN npm ci --omit=dev/m)
  expect(final).toMatch(/apt-get install .*\bbubblewrap\b.*\bgit\b/)
  expect(final.lastIndexOf('USER node')).toBeGreaterThan(final.lastIndexOf('RUN '))
  expect(final).toMatch(/^HEALTHCHECK .*\n.*\/readyz/m)
  const copied = [...final.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'app.yml', 'src']))
  const ignored = read('.dockerignore').split('\n')
  expect(copied.filter((path) => !existsSync(join(root, path)) || ignored.includes(path))).toEqual([])
  // What is run must be among what is copied.
  expect(final).toMatch(/^CMD \["node", "src\/cli\.ts", "start"\]$/m)
})

test('compose runs it beside PostgreSQL, and lets the sandbox work', () => {
  const Compose = z.object({
    services: z.object({
      pawl: z.object({ security_opt: z.array(z.string()), environment: z.object({ DATABASE_URL: z.string() }) }),
      database: z.object({ image: z.string(), healthcheck: z.object({}) }),
    }),
  })
  const { pawl, database } = Compose.parse(parse(read('compose.yaml'))).services
  expect(pawl.security_opt).toEqual(['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'])
  expect(pawl.environment.DATABASE_URL).toMatch(/^postgresql:\/\/pawl:.*@database\/pawl$/)
  expect(database.image).toMatch(/^postgres:\d+$/)
})
