import { answer, notFound, paged } from '../answers.ts'
import type { Call, Handler, Handlers, World } from '../contract.ts'
import { userById, userByLogin } from '../people.ts'
import type { TeamRecord } from '../records.ts'
import { teamView } from '../views/team.ts'
import { organizationView, userView } from '../views/user.ts'

function findTeam(call: Call, world: World): TeamRecord | undefined {
  const organization = userByLogin(world.store, call.text('org'))
  const slug = call.text('team_slug')
  return world.store.list('team').find((team) => team.organizationId === organization?.id && team.slug === slug)
}

const get: Handler = (call, world) => {
  const team = findTeam(call, world)
  if (team === undefined) return notFound()
  const organization = userById(world.store, team.organizationId)
  return answer(200, {
    ...teamView(world, team),
    members_count: team.memberIds.length,
    repos_count: Object.keys(team.repositories).length,
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
    organization: { ...organizationView(world, organization), type: 'Organization' },
  })
}

const membership: Handler = (call, world) => {
  const team = findTeam(call, world)
  const user = userByLogin(world.store, call.text('username'))
  if (team === undefined || user === undefined || !team.memberIds.includes(user.id)) return notFound()
  const url = `${world.apiUrl}/orgs/${call.text('org')}/teams/${team.slug}/memberships/${user.login}`
  return answer(200, { url, role: 'member', state: 'active' })
}

const members: Handler = (call, world) => {
  const team = findTeam(call, world)
  return team === undefined
    ? notFound()
    : paged(call, team.memberIds, (id) => userView(world, userById(world.store, id)))
}

export const teams: Handlers = {
  'teams/get-by-name': get,
  'teams/get-membership-for-user-in-org': membership,
  'teams/list-members-in-org': members,
}
