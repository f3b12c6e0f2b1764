import { createMapper } from '../../src/graph/map.ts'

/*
 * A mapper that runs on, in a process of its own for the bench: `graph-service.ts REPOSITORY COMMIT…`. Prints how many ms each commit
 * took, one after the other.
 */
const [, , repository = '', ...commits] = process.argv
const mapper = createMapper()
const times: number[] = []
for (const commit of commits) {
  const start = performance.now()
  await mapper.map(repository, commit)
  times.push(performance.now() - start)
}
await mapper.close()
process.stdout.write(JSON.stringify(times))
