import type { Config, Gatekeepers, ProbeSetting, Settings } from '../config.ts'

/** Fills in what depends on another key: approvers from the authorised, a probe's kind and name. Settings must be lint-free. */
export function settle(settings: Settings): Config {
  const { triggers: _off, ...rest } = settings
  const authorised = gatekeepers(settings.authorised)
  const { permission, users, teams, ...approval } = settings.approval
  return {
    ...rest,
    authorised,
    approval: {
      ...approval,
      ...gatekeepers({
        permission: permission ?? authorised.permission,
        users: users ?? authorised.users,
        teams: teams ?? authorised.teams,
      }),
    },
    health: { ...settings.health, probes: settings.health.probes.flatMap(settleProbe) },
  }
}

/** GitHub compares logins and slugs without regard to case. */
function gatekeepers({ permission, users, teams }: Gatekeepers): Gatekeepers {
  const small = (names: string[]) => [...new Set(names.map((name) => name.toLowerCase()))]
  return { permission, users: small(users), teams: small(teams) }
}

function settleProbe({
  name,
  url,
  run,
  expect,
  within,
  interval,
}: Settings['health']['probes'][number]): ProbeSetting[] {
  if (url !== null) return [{ kind: 'http', name: name ?? url, url, expect, within, interval }]
  if (run !== null) return [{ kind: 'command', name: name ?? run.join(' '), run, within, interval }]
  return []
}
