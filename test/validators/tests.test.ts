import { describe, expect, it } from 'vitest'
import { createValidators } from '../../src/validators/choose.ts'
import { isTest, testsValidator } from '../../src/validators/tests.ts'
import { change, created, measured, planned, removed, task } from './change.ts'

async function found(context: Parameters<ReturnType<typeof testsValidator>['review']>[0]): Promise<string[]> {
  const findings = await testsValidator('round1').review(context)
  return findings.map(({ severity, path, line }) => `${severity} ${path}${line === undefined ? '' : `:${line}`}`)
}

const edited = (before: string, after: string) =>
  change([measured('a.test.ts')], { before: { 'a.test.ts': before }, after: { 'a.test.ts': after } })

describe('GATE1-3 tests that are weakened', () => {
  it('by removing the file block, unless the plan lists the removal', async () => {
    const files = [measured('test/a.ts', removed), measured('src/a.ts', removed)]
    expect(await found(change(files))).toEqual(['error test/a.ts'])
    const tasks = [task([planned('test/a.ts', { kind: 'remove' })])]
    expect(await found(change(files, { tasks }))).toEqual(['warning test/a.ts'])
  })

  it('by renaming the file so that no runner finds it block too', async () => {
    const files = [measured('a.disabled.ts', { from: 'a.test.ts' })]
    expect(await found(change(files))).toEqual(['error a.test.ts'])
  })

  it.each([
    ["it('x', () => {})", "it.only('x', () => {})"],
    ["describe('x', () => {})", "describe.skip('x', () => {})"],
    ["test.each([1])('x', () => {})", "test.concurrent.skip('x', () => {})"],
    ["it('x', () => {})", "xit('x', () => {})"],
    ['def test_a():', '@pytest.mark.skip\ndef test_a():'],
    ['func TestA(t *testing.T) {', 'func TestA(t *testing.T) {\nt.Skip("later")'],
  ])('%j becoming %j is a warning', async (before, after) => {
    const findings = await found(edited(`// first\n${before}\n`, `// first\n${after}\n`))
    expect(findings).toEqual([expect.stringMatching(/^warning a\.test\.ts:[23]$/)])
  })

  it('by fewer assertions are a warning', async () => {
    const before = 'expect(a).toBe(1)\nexpect(b).toBe(2)\nassert.equal(c, 3)\n'
    expect(await found(edited(before, 'expect(a).toBe(1)\n'))).toEqual(['warning a.test.ts'])
  })

  it('block where an agent did it that was only told in words, and not where a person pushed it', async () => {
    const by = (agent: string) => {
      const tasks = [task([], { exact: false, agent })]
      const texts = { before: { 'a.test.ts': 'expect(a)\n' }, after: { 'a.test.ts': 'it.skip()\n' } }
      return change([measured('a.test.ts')], { ...texts, tasks })
    }
    expect(await found(by('writer'))).toEqual(['error a.test.ts:1', 'error a.test.ts'])
    expect(await found(by('human'))).toEqual(['warning a.test.ts:1', 'warning a.test.ts'])
  })

  it('are not what stayed as it was, or what is only added', async () => {
    expect(await found(edited("it.skip('x')\n", "it.skip('x')\nexpect(a)\n"))).toEqual([])
    expect(await found(change([measured('b.test.ts', created)], { after: { 'b.test.ts': "it('x')\n" } }))).toEqual([])
    expect(await found(change([measured('src/a.ts')], { after: { 'src/a.ts': 'process.exit.only' } }))).toEqual([])
  })

  it('are known as tests by their names and places', () => {
    const tests = [
      'a.test.ts',
      'a/b.spec.js',
      'pkg/x_test.go',
      'test_a.py',
      '__tests__/a.tsx',
      'src/test/java/ATest.java',
      'spec/a_spec.rb',
    ]
    expect(tests.filter((path) => !isTest(path))).toEqual([])
    const others = ['src/a.ts', 'contest/a.ts', 'test/fixture.json', 'testing.md', 'latest.ts']
    expect(others.filter(isTest)).toEqual([])
  })
})

it('the validators of a configuration come in its order, under its names', () => {
  const names = ['tests', 'secrets', 'protected-paths', 'dependencies', 'fidelity', 'review'] as const
  const opinion = () => Promise.reject(new Error('nobody is asked'))
  const made = createValidators([...names, 'humans'], { gate: 'round2', protectedPaths: [], fileLimit: 1, opinion })
  expect(made.map(({ name }) => name)).toEqual(names)
})
