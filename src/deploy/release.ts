import type { Deployer, DeployRequest, DeployState } from './deployer.ts'

export type ReleaseApi = {
  /** The release of this tag, whoever made it, with the commit that the tag is on. */
  find(tag: string): Promise<{ id: number; url: string; sha: string } | null>
  create(
    request: DeployRequest,
    tag: string,
  ): Promise<{ ok: true; id: number; url: string } | { ok: false; message: string }>
  serving: Deployer['serving']
}

/** Publishes a release of the commit and is done with that. `template` is the configured tag, such as `pawl-{codename}`. */
export function releaseDeployer(api: ReleaseApi, template: string): Deployer {
  const look = async (request: DeployRequest): Promise<DeployState | null> => {
    const tag = releaseTag(template, request)
    const found = await api.find(tag)
    if (found === null) return null
    if (found.sha === request.sha) return published(tag, found)
    return failed(`the release ${tag} is there already, of another commit (${found.sha})`)
  }
  return {
    via: 'release',
    async begin(request) {
      const found = await look(request)
      if (found !== null) return found
      const tag = releaseTag(template, request)
      const created = await api.create(request, tag)
      return created.ok ? published(tag, created) : failed(`GitHub refused the release ${tag}: ${created.message}`)
    },
    look: async (request) =>
      (await look(request)) ?? failed(`the release ${releaseTag(template, request)} is not there any more`),
    serving: (environment) => api.serving(environment),
    withdraw: async () => false,
  }
}

/** Going back is a release of its own: tags of releases do not move. */
export function releaseTag(template: string, { codename, reason }: Pick<DeployRequest, 'codename' | 'reason'>): string {
  return `${template.replaceAll('{codename}', codename)}${reason === 'rollback' ? '-rollback' : ''}`
}

function published(tag: string, { id, url }: { id: number; url: string }): DeployState {
  return { state: 'done', deployment: id, detail: `the release ${tag} is published`, url }
}

function failed(detail: string): DeployState {
  return {
    state: 'failed',
    deployment: null,
    detail,
    remedy:
      'have deploy.release.tag name {codename}, allow the app to write contents and that tag, then comment /retry',
  }
}
