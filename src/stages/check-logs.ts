import { checkRunsOn, jobLog } from '../github/checks.ts'
import type { LogExcerpt } from '../messages/failure-report.ts'
import { withoutSecrets } from '../model/secrets.ts'
import { foldRun } from '../policy/checks.ts'
import type { Bench } from './settings.ts'

/** What is taken of a failed job's log: its end, where the failure is. */
const EXCERPT_LINES = 40
const LOGS = 3

/** The ends of the logs of the jobs that failed on a commit. They are text of whoever wrote the code. */
export async function logsOfFailures({ at }: Pick<Bench, 'at'>, sha: string): Promise<LogExcerpt[]> {
  const failed = (await checkRunsOn(at, sha)).filter((run) => foldRun(run) === 'fail' && run.app === 'github-actions')
  const excerpts = await Promise.all(
    failed.slice(0, LOGS).map(async (run) => {
      // It goes to agents too, whose models run elsewhere.
      const log = withoutSecrets((await jobLog(at, run.id)) ?? '')
      return { title: run.name, url: run.url, text: log.trimEnd().split('\n').slice(-EXCERPT_LINES).join('\n') }
    }),
  )
  return excerpts.filter(({ text }) => text !== '')
}
