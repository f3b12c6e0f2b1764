import { plainLine } from './escape.ts'

/** The description of a deployment or of one of its states; GitHub allows 140 characters. */
export type DeploymentView = { codename: string; reason: 'update' | 'rollback'; detail?: string }

/** `brave-otter: update`, with a detail if there is one. */
export function deploymentText({ codename, reason, detail }: DeploymentView): string {
  const what = reason === 'update' ? 'update' : 'rollback to the last good version'
  return plainLine(detail === undefined ? `${codename}: ${what}` : `${codename}: ${what}, ${detail}`, 140)
}
