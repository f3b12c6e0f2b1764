import type { Finding, GateName, Plan } from '../model.ts'

export type Report = (
  severity: Finding['severity'],
  rule: Finding['rule'],
  path: string,
  message: string,
  remedy: string,
  line?: number,
) => Finding

/** Findings about a path, for one gate. */
export function reporter(gate: GateName): Report {
  return (severity, rule, path, message, remedy, line) => {
    return { gate, severity, rule, message, remedy, path, ...(line === undefined ? {} : { line }) }
  }
}

/** The paths that the plan names one by one, so that whoever approved it has read them. */
export function plannedPaths({ tasks }: { tasks: Pick<Plan['tasks'][number], 'changes'>[] }): Set<string> {
  const changes = tasks.flatMap((task) => task.changes)
  return new Set(changes.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])))
}
