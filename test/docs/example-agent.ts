import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agent } from '../../src/agents/agent.ts'

/** Puts a licence header on every source file. */
export function licenceAgent(header: string): Agent {
  return {
    name: 'licence',
    exact: true, // it does the same each time, so the plan shows its change beforehand
    accepts: ({ source }) => source.kind === 'words' && /licen[cs]e header/i.test(source.text),
    async change(_task, retry, { workspace, progress }) {
      if (retry !== null) {
        const remedy = 'Correct the header in the configuration, then comment /retry.'
        return { state: 'failed', reason: 'it would write the same again', remedy, retryable: false }
      }
      let written = 0
      for await (const file of glob('src/**/*.ts', { cwd: workspace })) {
        const path = join(workspace, file)
        const text = await readFile(path, 'utf8')
        if (text.startsWith(header)) continue
        await writeFile(path, `${header}\n${text}`)
        progress(`wrote ${++written} headers`)
      }
      return { state: 'done', summary: `${written} licence headers` }
    },
  }
}
