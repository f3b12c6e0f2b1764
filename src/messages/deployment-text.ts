
/** The description of a deployment or of one of its states; GitHub allows 140 characters. */
export type DeploymentView = { codename: string; reason: 'update' | 'rollback'; detail?: string }

export function deploymentText(view: DeploymentView): string {
  throw new Error('not written yet')
}
