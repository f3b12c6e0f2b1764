import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where the files lie that take longest: begun last, one of them alone would keep the others' workers waiting for a minute. */
const LONG = ['/test/crash/', '/test/commands/', '/test/pipeline/', '/test/hostile/']

const rank = ({ moduleId }: TestSpecification) => {
  const at = LONG.findIndex((folder) => moduleId.includes(folder))
  return at < 0 ? LONG.length : at
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Most of a story is waiting for processes, so two cores carry three of them.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
  },
})
