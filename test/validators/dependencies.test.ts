import { describe, expect, it } from 'vitest'
import { namesPackages, type Advisories } from '../../src/validators/advisories.ts'
import { dependenciesValidator } from '../../src/validators/dependencies.ts'
import type { ReviewContext } from '../../src/validators/validator.ts'
import { change, created, measured, planned, removed, task } from './change.ts'

async function found(context: ReviewContext): Promise<string[]> {
  const findings = await dependenciesValidator('round1').review(context)
  return findings.map(({ severity, message }) => `${severity}: ${message}`)
}

const manifest = (before: object, after: object) =>
  change([measured('package.json')], {
    before: { 'package.json': JSON.stringify(before) },
    after: { 'package.json': JSON.stringify(after) },
  })

describe('GATE1-2 dependency changes of a package.json', () => {
  it('are listed: added, changed, removed', async () => {
    const before = { dependencies: { a: '1.0.0', b: '^2.0.0', same: '1' }, devDependencies: {} }
    const after = { dependencies: { a: '1.1.0', same: '1' }, devDependencies: { c: '~3.0.0' } }
    expect(await found(manifest(before, after))).toEqual([
      'info: dependencies: a goes from 1.0.0 to 1.1.0.',
      'info: dependencies: b is removed.',
      'warning: devDependencies: c ~3.0.0 is added.',
    ])
  })

  it('from elsewhere than the registry are pointed out', async () => {
    const after = { dependencies: { a: 'git+https://example.com/a.git', b: 'npm:@scope/b@^1', c: 'file:../c' } }
    const findings = await found(manifest({ dependencies: { a: '1', b: '1', c: '1' } }, after))
    expect(findings.map((text) => text.includes('elsewhere than the registry'))).toEqual([true, false, true])
  })

  it('block when a script appears that runs at installation, not for other scripts', async () => {
    const scripts = { test: 'vitest', postinstall: 'node x.js' }
    expect(await found(manifest({}, { scripts }))).toEqual([expect.stringMatching(/^error: The script postinstall/)])
    expect(await found(manifest({ scripts }, { scripts: { ...scripts, test: 'jest' } }))).toEqual([])
  })

  it('block when they cannot be read', async () => {
    const context = change([measured('package.json')], {
      before: { 'package.json': '{}' },
      after: { 'package.json': '{,' },
    })
    expect(await found(context)).toEqual([expect.stringMatching(/^error: The file cannot be read/)])
  })

  it('are nothing where a package leaves the repository', async () => {
    const gone = change([measured('packages/a/package.json', removed)], {
      before: { 'packages/a/package.json': '{"scripts":{"postinstall":"x"}}' },
    })
    expect(await found(gone)).toEqual([])
  })
})

describe('GATE1-2 lock files', () => {
  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages })

  it.each([
    ['package-lock.json', 'package.json'],
    ['yarn.lock', 'packages/web/package.json'],
    ['services/api/Cargo.lock', 'services/api/Cargo.toml'],
  ])('as %s may change when the plan changes %s', async (path, manifestPath) => {
    const files = [measured(path)]
    const after = { [path]: lock({}) }
    expect(await found(change(files, { after, tasks: [task([planned(manifestPath)])] }))).toEqual([])
    expect(await found(change(files, { after, tasks: [task([planned(path), planned('README.md')])] }))).toEqual([
      expect.stringMatching(/^error: The lock file changes/),
    ])
  })

  it('block when a package in them newly runs a script at installation', async () => {
    const context = change([measured('package-lock.json')], {
      before: { 'package-lock.json': lock({ 'node_modules/old': { hasInstallScript: true } }) },
      after: {
        'package-lock.json': lock({
          'node_modules/old': { hasInstallScript: true },
          'node_modules/x/node_modules/@s/new': { hasInstallScript: true },
          'node_modules/tame': {},
        }),
      },
      tasks: [task([planned('package.json')])],
    })
    expect(await found(context)).toEqual(['error: @s/new runs a script when it is installed, which is new.'])
  })

  it('are judged in full when they are new', async () => {
    const context = change([measured('package-lock.json', created)], {
      after: { 'package-lock.json': lock({ 'node_modules/a': { hasInstallScript: true } }) },
    })
    expect(await found(context)).toHaveLength(2)
  })
})

describe('GATE1-2 advisories', () => {
  const package_ = { manifest: 'package.json', ecosystem: 'npm', name: 'leaky', version: '1.0.0', licence: null }
  const bad = { severity: 'low', ghsa: 'GHSA-aaaa-bbbb-cccc', summary: 'It leaks.' }
  const judge = (advisories: Advisories) => dependenciesValidator('round1').review(change([], { advisories }))

  it('a known vulnerability blocks whatever its severity, and a manifest and its lock file are one', async () => {
    const added = { ...package_, vulnerabilities: [bad] }
    const lock = { ...added, manifest: 'package-lock.json' }
    expect(await judge({ ok: true, added: [added, lock] })).toMatchObject([
      { severity: 'error', rule: 'dependency-vulnerable', path: 'package.json' },
      { severity: 'info', rule: 'dependency-changed' },
    ])
  })

  it('that nothing is known is said, and nothing is said where nothing was added', async () => {
    expect(await judge({ ok: false, why: 'Forbidden' })).toMatchObject([
      { severity: 'info', rule: 'advisories-unavailable' },
    ])
    expect(await judge(null)).toEqual([])
  })

  it('GitHub is asked about manifests, lock files and workflows', () => {
    const asked = [
      'package.json',
      'a/go.sum',
      'requirements-dev.txt',
      '.github/workflows/ci.yml',
      'A/b.csproj',
      'a.gemspec',
    ]
    expect(asked.filter((path) => !namesPackages(path))).toEqual([])
    expect(['src/package.ts', 'package.json.md', 'docs/workflows/ci.yml'].filter(namesPackages)).toEqual([])
  })
})
