import { describe, expect, it } from 'vitest'
import type { MeasuredFile, Task } from '../../src/model.ts'
import { contentDeviations } from '../../src/validators/content.ts'
import { deviations } from '../../src/validators/fidelity.ts'
import { created, measured, planned, removed, task } from './change.ts'

function found(tasks: Task[], files: MeasuredFile[]): string[] {
  return deviations(tasks, files, 'execution').map(({ rule, path }) => `${rule} ${path}`)
}

describe('EXEC-2 the content of a change that was known exactly', () => {
  const [old, fresh] = ['a'.repeat(40), 'b'.repeat(40)]
  const exact = task([planned('src/a.ts', { blob: old })])
  const of = (blob: string, before: Task[] = [], more: Partial<MeasuredFile> = {}) =>
    contentDeviations(exact, [measured('src/a.ts', { blob, ...more })], before, 'execution').map(({ rule }) => rule)

  it('is the planned one, or deviates', () => {
    expect(of(old)).toEqual([])
    expect(of(fresh)).toEqual(['deviation-content'])
  })

  it('is another one where an earlier task in words may have changed the file before, and there only', () => {
    const words = (mayTouch: string[]) => task([], { exact: false, mayTouch })
    expect(of(fresh, [words(['src/**'])])).toEqual([])
    expect(of(fresh, [words(['lib/**'])])).toEqual(['deviation-content'])
    expect(of(fresh, [task([planned('src/a.ts')])])).toEqual(['deviation-content'])
  })

  it('is not told of beside its size', () => {
    expect(of(fresh, [], { additions: 7 })).toEqual([])
  })
})

describe('EXEC-2 a change that was known exactly', () => {
  const tasks = [task([planned('a.ts'), planned('b.ts', { kind: 'create', additions: 3, deletions: 0 })])]
  const b = measured('b.ts', { ...created, additions: 3 })

  it('is as planned', () => {
    expect(found(tasks, [measured('a.ts'), b])).toEqual([])
  })

  it('deviates by another path, a missing path, another size or another kind', () => {
    expect(found(tasks, [measured('a.ts'), b, measured('c.ts')])).toEqual(['deviation-path c.ts'])
    expect(found(tasks, [measured('a.ts')])).toEqual(['deviation-missing b.ts'])
    expect(found(tasks, [measured('a.ts', { additions: 2 }), b])).toEqual(['deviation-size a.ts'])
    expect(found(tasks, [measured('a.ts', removed), b])).toEqual(['deviation-size a.ts'])
    expect(found(tasks, [])).toEqual(['deviation-missing a.ts', 'deviation-missing b.ts'])
  })

  it('deviates where it moves a file away that the plan does not name', () => {
    const moved = measured('b.ts', { from: 'secret.ts' })
    expect(found(tasks, [measured('a.ts'), moved])).toEqual(['deviation-path secret.ts'])
  })

  it('is as planned when git sees a rename in the whole that the tasks made in two steps, and the other way round', () => {
    const steps = [
      task([planned('new.ts', { kind: 'create', additions: 9, deletions: 0 })]),
      task([planned('old.ts', { kind: 'remove', additions: 0, deletions: 9 })], { id: 2 }),
    ]
    expect(found(steps, [measured('new.ts', { from: 'old.ts', additions: 0, deletions: 0 })])).toEqual([])
    const rename = [task([planned('new.ts', { from: 'old.ts', additions: 0, deletions: 0 })])]
    const apart = [measured('new.ts', { ...created, additions: 9 }), measured('old.ts', { ...removed, deletions: 9 })]
    expect(found(rename, apart)).toEqual([])
  })
})

describe('EXEC-2 several tasks in one file', () => {
  const tasks = [
    task([planned('a.ts', { additions: 5, deletions: 0 })]),
    task([planned('a.ts', { additions: 1, deletions: 2 })], { id: 2 }),
  ]

  it('may undo parts of each other, and do no more than all together', () => {
    expect(found(tasks, [measured('a.ts', { additions: 4, deletions: 0 })])).toEqual([])
    expect(found(tasks, [measured('a.ts', { additions: 7, deletions: 2 })])).toEqual(['deviation-size a.ts'])
    expect(found(tasks, [])).toEqual([])
  })
})

describe('EXEC-2 a change that is known only roughly', () => {
  const rough = { exact: false, mayTouch: ['src/**'], excluded: ['src/generated/**'] }

  it('stays within the paths it may touch, and out of the excluded ones', () => {
    const files = [measured('src/a.ts'), measured('src/generated/x.ts'), measured('README.md')]
    expect(found([task([], rough)], files)).toEqual(['deviation-path src/generated/x.ts', 'deviation-path README.md'])
  })

  it('stays near its estimate where there is one', () => {
    const tasks = [task([planned('src/a.ts', { additions: 10, deletions: 0 })], rough)]
    expect(found(tasks, [measured('src/a.ts', { additions: 40, deletions: 0 })])).toEqual([])
    expect(found(tasks, [measured('src/a.ts', { additions: 41, deletions: 0 })])).toEqual(['deviation-size src/a.ts'])
  })
})
