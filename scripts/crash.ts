import { parseArgs } from 'node:util'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { anywhere } from './crash/aims.ts'
import { startServer, type Server } from './crash/database.ts'
import { startGround } from './crash/ground.ts'
import { startReaper } from './crash/reaper.ts'
import { learnSteps } from './crash/steps.ts'
import { STORIES } from './crash/stories.ts'
import { census, trial, type Clean } from './crash/trial.ts'

// `npm run crash -- --runs N [--json]`: tells N stories of updates while the app is killed over and over, and shows what was
// lost or done twice. One JSON document on stdout, everything else on stderr; status 1 when anything was.
const { values } = parseArgs({ options: { runs: { type: 'string', default: '9' }, json: { type: 'boolean' } } })
const runs = Number(values.runs)
if (!Number.isInteger(runs) || runs < 1) {
  process.stderr.write('--runs must be a whole number from 1.\n')
  process.exit(2)
}

/** After so many stories everything is begun anew, so that no log grows without end. */
const STORIES_A_GROUND = 30

/** How many kills three stories get. */
const KILLS = 40

const say = (text: string) => void process.stderr.write(`${text}\n`)
const sum = { runs: 0, kills: 0, lost: 0, doubled: 0, chainFailures: 0, treeMismatches: 0 }

async function tellSome(server: Server, most: number): Promise<void> {
  const database = await server.database()
  const ground = await startGround(database.url)
  const reaper = await startReaper(ground, say)
  try {
    const clean: Clean = new Map()
    for (const [{ kind }, found] of await census(ground, STORIES, reaper)) clean.set(kind, found)
    for (let told = 0; told < most; told += STORIES.length) {
      const kinds = STORIES.slice(0, most - told)
      // First in each step once, then wherever it comes.
      if (told === 0) await reaper.killIn(await learnSteps(ground.world.database.pool))
      else reaper.aim(anywhere(10 ** -(0.7 + Math.random() * 1.3), KILLS, reaper))
      for (const { kind, repo, lost, doubled, trees } of await trial(ground, kinds, clean, reaper)) {
        sum.runs += 1
        if (lost.length > 0) sum.lost += 1
        if (doubled.length > 0) sum.doubled += 1
        if (trees.length > 0) sum.treeMismatches += 1
        for (const line of [...lost, ...doubled.map((each) => `doubled: ${each}`), ...trees])
          say(`${kind} in ${repo}: ${line}`)
      }
      const chain = await ground.world.app.audit.verify()
      if (!chain.verified) {
        sum.chainFailures += 1
        say(`the audit chain does not verify: ${JSON.stringify(chain.fault)}`)
      }
    }
  } catch (error) {
    say(await readFile(join(ground.dir, 'app.log'), 'utf8'))
    throw error
  } finally {
    sum.kills += reaper.kills()
    await reaper.stop()
    await ground.close()
    await database.drop()
  }
}

const server = await startServer()
try {
  while (sum.runs < runs) await tellSome(server, Math.min(STORIES_A_GROUND, runs - sum.runs))
} finally {
  await server.stop()
}
const faults = sum.lost + sum.doubled + sum.chainFailures + sum.treeMismatches
process.stdout.write(values.json ? `${JSON.stringify(sum)}\n` : `${JSON.stringify(sum, null, 2)}\n`)
process.exitCode = faults === 0 ? 0 : 1
