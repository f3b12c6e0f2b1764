import type { MeasuredFile } from '../../src/model.ts'
import { describe, expect, it } from 'vitest'
import type { ReviewContext } from '../../src/validators/validator.ts'
import { protectedPathsValidator } from '../../src/validators/protected-paths.ts'
import { change, created, measured, planned, removed, task } from './change.ts'

const validator = protectedPathsValidator({
  gate: 'round1',
  protectedPaths: ['.github/workflows/**', 'CODEOWNERS'],
  fileLimit: 1_000,
})

async function rules(context: ReviewContext): Promise<string[]> {
  const findings = await validator.review(context)
  return findings.map(({ severity, rule, path }) => `${severity} ${rule} ${path}`)
}

const link = (path: string): MeasuredFile => measured(path, { ...created, newMode: '120000' })

describe('GATE1-2 protected paths', () => {
  it('block unless the approved plan lists them', async () => {
    const files = [measured('CODEOWNERS'), measured('docs/CODEOWNERS')]
    expect(await rules(change(files))).toEqual(['error protected-path CODEOWNERS'])
    expect(await rules(change(files, { protectedPaths: ['CODEOWNERS'] }))).toEqual([])
  })

  it('cannot be renamed away', async () => {
    const files = [measured('OWNERS', { from: 'CODEOWNERS' })]
    expect(await rules(change(files))).toEqual(['error protected-path CODEOWNERS'])
  })

  it('that are workflows are reported even when planned, and block when not', async () => {
    const path = '.github/workflows/ci.yml'
    expect(await rules(change([measured(path)]))).toEqual([
      `error protected-path ${path}`,
      `error workflow-changed ${path}`,
    ])
    const approved = { tasks: [task([planned(path)])], protectedPaths: [path] }
    expect(await rules(change([measured(path)], approved))).toEqual([`warning workflow-changed ${path}`])
  })
})

describe('GATE1-2 symbolic links', () => {
  it.each(['/etc/passwd', '../../etc', 'sub/../../..', 'C:\\Windows', '', '../.git/config'])(
    'to %j block',
    async (target) => {
      const context = change([link('sub/link')], { after: { 'sub/link': target } })
      expect(await rules(context)).toEqual(['error symlink-escape sub/link'])
    },
  )

  it('within the repository pass', async () => {
    const after = { 'docs/link': '../README.md', 'docs/root': '..', link: './docs/a/b', up: 'docs' }
    expect(await rules(change(Object.keys(after).map(link), { after }))).toEqual([])
  })

  it('whose target cannot be read block', async () => {
    expect(await rules(change([link('link')]))).toEqual(['error symlink-escape link'])
  })
})

describe('GATE1-2 what git is told', () => {
  it('nested repositories block', async () => {
    const files = [measured('vendor/lib', { ...created, newMode: '160000', size: 0 })]
    expect(await rules(change(files))).toEqual(['error nested-repository vendor/lib'])
  })

  it.each(['sub/.git/config', 'GIT~1/hooks/x', '.git. /x', '.g\u200cit/config', 'a/.GIT:x'])(
    'a path as %j blocks',
    async (path) => {
      expect(await rules(change([measured(path, created)]))).toContain(`error git-metadata ${path}`)
    },
  )

  it('.gitattributes and .gitmodules block unless planned; .gitignore is a file like any other', async () => {
    const files = [measured('.gitattributes'), measured('.gitignore'), measured('.gitmodules', removed)]
    expect(await rules(change(files))).toEqual(['error git-metadata .gitattributes'])
    expect(await rules(change(files, { tasks: [task([planned('.gitattributes')])] }))).toEqual([])
  })

  it('modes that change block, unless the diff of the plan says that a file is to be executable', async () => {
    const executable = measured('run.sh', { newMode: '100755' })
    expect(await rules(change([executable]))).toEqual(['error mode-change run.sh'])
    const diff = 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n'
    const stated = { tasks: [task([planned('run.sh')], { source: { kind: 'diff', diff } })] }
    expect(await rules(change([executable], stated))).toEqual([])
    const other = {
      tasks: [task([planned('run.sh')], { source: { kind: 'diff', diff: diff.replaceAll('run.sh', 'x.sh') } })],
    }
    expect(await rules(change([executable], other))).toEqual(['error mode-change run.sh'])
    const becomesLink = measured('file', { newMode: '120000' })
    expect(await rules(change([becomesLink], { after: { file: 'README.md' } }))).toEqual(['error mode-change file'])
  })
})

describe('GATE1-2 names and sizes', () => {
  it('paths that differ from others only in case block, their directories too', async () => {
    const tree = ['README.md', 'src/main.ts']
    const files = [measured('readme.md', created), measured('Src/other.ts', created), measured('src/new.ts', created)]
    expect(await rules(change(files, { tree }))).toEqual([
      'error case-collision readme.md',
      'error case-collision Src/other.ts',
    ])
  })

  it('collisions that were there before are nobody’s fault now', async () => {
    expect(await rules(change([measured('a.ts'), measured('b.ts', created)], { tree: ['x', 'X'] }))).toEqual([])
  })

  it('large files and binary files that nobody planned block', async () => {
    const files = [measured('big.txt', { size: 1_001 }), measured('logo.png', { ...created, binary: true })]
    expect(await rules(change(files))).toEqual(['error file-too-large big.txt', 'error binary-unplanned logo.png'])
    expect(await rules(change([files[1] ?? measured('')], { tasks: [task([planned('logo.png')])] }))).toEqual([])
  })
})
