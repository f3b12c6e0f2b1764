import { writeFileSync } from 'node:fs'

import { createMapper } from '../../src/graph/map.ts'

/*
 * A map in a process of its own, for the bench: `graph-ours.ts CACHE REPOSITORY OUTPUT COMMIT…`. Prints how many ms each
 * commit took, one after the other in one service; writes the first map to OUTPUT.
 */
const [, , cacheDir = '', repository = '', output = '', ...commits] = process.argv
const mapper = createMapper({ cacheDir })
const times: number[] = []
for (const commit of commits) {
  const start = performance.now()
  const map = await mapper.map(repository, commit)
  times.push(performance.now() - start)
  if (times.length === 1) {
    const { files, dependencies } = map
    writeFileSync(output, JSON.stringify({ files, edges: dependencies.map(({ from, to, kind }) => [from, to, kind]) }))
  }
}
await mapper.close()
process.stdout.write(JSON.stringify(times))
