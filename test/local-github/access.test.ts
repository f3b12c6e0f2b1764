import { SignJWT, importPKCS8 } from 'jose'
import { expect, test } from 'vitest'

import { APP, keys, refusal, withGitHub } from './fixture.ts'

const demo = { owner: 'octo', repo: 'demo' }
const minute = 60

async function jwt(claims: { iat?: number; exp?: number; iss?: string }): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const payload = { iat: now - 30, exp: now + 9 * minute, iss: String(APP.id), ...claims }
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256' }).sign(await importPKCS8(keys.privateKey, 'RS256'))
}

test('a JWT says which app it is, unless it is late, too long or of another app', async () => {
  await withGitHub(async ({ github, app }) => {
    await github.addRepository('octo/demo')
    const id = await github.install('octo/demo')
    expect((await app.apps.getAuthenticated()).data).toMatchObject({
      id: APP.id,
      slug: 'gardener',
      installations_count: 1,
    })
    expect((await app.apps.listInstallations()).data).toMatchObject([{ id, account: { login: 'octo' } }])
    expect((await app.apps.getRepoInstallation(demo)).data.id).toBe(id)
    expect((await app.apps.getUserInstallation({ username: 'octo' })).data.id).toBe(id)
    expect((await refusal(app.apps.getOrgInstallation({ org: 'octo' }))).status).toBe(404)
    expect((await app.apps.getInstallation({ installation_id: id })).data.permissions).toEqual(APP.permissions)

    const now = Math.floor(Date.now() / 1000)
    const ask = async (token: string) => {
      const response = await fetch(`${github.apiUrl}/app`, { headers: { authorization: `bearer ${token}` } })
      return response.status
    }
    expect(await ask(await jwt({}))).toBe(200)
    expect(await ask(await jwt({ iat: now - 20 * minute, exp: now - minute }))).toBe(401)
    expect(await ask(await jwt({ exp: now + 20 * minute }))).toBe(401)
    expect(await ask(await jwt({ iat: now + 5 * minute }))).toBe(401)
    expect(await ask(await jwt({ iss: '1' }))).toBe(401)
    expect(await ask(`${(await jwt({})).slice(0, -8)}AAAAAAAA`)).toBe(401)
    expect(await ask('a.b.c')).toBe(401)
    expect(await ask('ghs_unknown')).toBe(401)
  })
})

test('an installation token does no more than it was asked for', async () => {
  await withGitHub(async ({ github, app, installation, person, withToken }) => {
    await github.addRepository('octo/demo')
    await github.addRepository('octo/other', { private: true })
    await github.install('octo/demo')
    const id = await github.install('octo/other')
    await github.addRepository('octo/hidden', { private: true })
    await github.addRepository('eve/public')
    const octo = await person('octo')
    await octo.issues.create({ ...demo, title: 'T' })

    const whole = installation(id)
    const seen = await whole.apps.listReposAccessibleToInstallation()
    expect(seen.data.repositories.map(({ full_name }) => full_name)).toEqual(['octo/demo', 'octo/other'])
    expect((await refusal(whole.repos.get({ owner: 'octo', repo: 'hidden' }))).status).toBe(404)
    expect((await whole.repos.get({ owner: 'eve', repo: 'public' })).data.full_name).toBe('eve/public')
    const stranger = { owner: 'eve', repo: 'public', title: 'T' }
    expect(await refusal(whole.issues.create(stranger))).toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    })

    const narrow = await app.apps.createInstallationAccessToken({
      installation_id: id,
      repositories: ['demo'],
      permissions: { issues: 'read' },
    })
    expect(narrow.data).toMatchObject({ permissions: { issues: 'read', metadata: 'read' } })
    expect(narrow.data.token).toMatch(/^ghs_/)
    const lives = Date.parse(narrow.data.expires_at) - Date.now()
    expect(lives).toBeGreaterThan(59 * minute * 1000)
    expect(lives).toBeLessThanOrEqual(60 * minute * 1000)
    const narrowed = withToken(narrow.data.token)
    expect((await narrowed.issues.get({ ...demo, issue_number: 1 })).status).toBe(200)
    expect((await refusal(narrowed.issues.create({ ...demo, title: 'T' }))).status).toBe(403)
    expect((await refusal(narrowed.repos.get({ owner: 'octo', repo: 'other' }))).status).toBe(404)

    const greedy = { installation_id: id, permissions: { administration: 'write' as const } }
    expect((await refusal(app.apps.createInstallationAccessToken(greedy))).status).toBe(422)
    const strange = { installation_id: id, repositories: ['hidden'] }
    expect((await refusal(app.apps.createInstallationAccessToken(strange))).status).toBe(422)
    await narrowed.apps.revokeInstallationAccessToken()
    expect((await refusal(narrowed.repos.get(demo))).status).toBe(401)
  })
})

test('a person sees and does what the role allows', async () => {
  await withGitHub(async ({ github, installation, person }) => {
    await github.addRepository('octo/demo', { private: true })
    await github.addRepository('octo/open')
    const app = installation(await github.install('octo/demo'))
    const ann = await person('ann')
    expect((await refusal(ann.repos.get(demo))).status).toBe(404)
    const level = async (username: string, repo = 'demo') => {
      const { data } = await app.repos.getCollaboratorPermissionLevel({ owner: 'octo', repo, username })
      return [data.permission, data.role_name]
    }
    expect(await level('ann')).toEqual(['none', 'none'])
    expect(await level('octo')).toEqual(['admin', 'admin'])
    expect(await level('gardener[bot]')).toEqual(['none', 'none'])
    expect((await refusal(level('nobody'))).status).toBe(404)
    await github.setCollaborator('octo/demo', 'ann', 'maintain')
    expect(await level('ann')).toEqual(['write', 'maintain'])
    expect(await level('ann', 'open')).toEqual(['read', 'read'])
    expect((await ann.repos.get(demo)).data.permissions).toMatchObject({ maintain: true, admin: false })
    expect((await refusal(ann.repos.getBranchProtection({ ...demo, branch: 'main' }))).status).toBe(403)
    const people = await app.repos.listCollaborators(demo)
    expect(people.data.map(({ login, role_name }) => [login, role_name])).toEqual([
      ['octo', 'admin'],
      ['ann', 'maintain'],
    ])
    expect((await app.repos.listCollaborators({ ...demo, permission: 'admin' })).data.length).toBe(1)
    expect((await app.repos.checkCollaborator({ ...demo, username: 'ann' })).status).toBe(204)
    expect((await refusal(app.repos.checkCollaborator({ ...demo, username: 'eve' }))).status).toBe(404)
  })
})

test('nobody in particular may read what is public, and Basic carries a token too', async () => {
  await withGitHub(async ({ github }) => {
    await github.addRepository('octo/demo')
    await github.addRepository('octo/hidden', { private: true })
    const token = await github.personalToken('octo')
    const ask = (path: string, init?: RequestInit) => fetch(`${github.apiUrl}${path}`, init)
    expect((await ask('/repos/octo/demo')).status).toBe(200)
    expect((await ask('/repos/octo/hidden')).status).toBe(404)
    const body = JSON.stringify({ title: 'T' })
    const posted = await ask('/repos/octo/demo/issues', { method: 'POST', body })
    expect([posted.status, await posted.json()]).toMatchObject([401, { message: 'Requires authentication' }])
    const basic = `Basic ${Buffer.from(`octo:${token}`).toString('base64')}`
    const hidden = await ask('/repos/octo/hidden', { headers: { authorization: basic } })
    expect(hidden.status).toBe(200)
    const user = await ask('/user', { headers: { authorization: basic } })
    expect(await user.json()).toMatchObject({ login: 'octo', type: 'User' })
    expect((await ask('/users/gardener%5Bbot%5D')).status).toBe(200)
    expect((await ask('/users/nobody')).status).toBe(404)
    expect((await ask('/no/such/path')).status).toBe(404)
  })
})

test('members of a team are asked for by the app of their organization', async () => {
  await withGitHub(async ({ github, installation, person }) => {
    await github.addUser('acme', { type: 'Organization' })
    await github.addTeam('acme', 'release', ['ann', 'bob'])
    await github.addRepository('acme/demo')
    await github.addRepository('octo/demo')
    await github.setCollaborator('acme/demo', 'acme/release', 'write')
    const inside = installation(await github.install('acme/demo'))
    const outside = installation(await github.install('octo/demo'))
    const team = { org: 'acme', team_slug: 'release' }
    const members = await inside.teams.listMembersInOrg(team)
    expect(members.data.map(({ login }) => login)).toEqual(['ann', 'bob'])
    const membership = await inside.teams.getMembershipForUserInOrg({ ...team, username: 'bob' })
    expect(membership.data).toMatchObject({ state: 'active', role: 'member' })
    expect((await refusal(inside.teams.getMembershipForUserInOrg({ ...team, username: 'octo' }))).status).toBe(404)
    expect((await inside.teams.getByName(team)).data).toMatchObject({ members_count: 2, repos_count: 1 })
    expect((await refusal(outside.teams.getByName(team))).status).toBe(403)
    expect((await inside.repos.listTeams({ owner: 'acme', repo: 'demo' })).data).toMatchObject([
      { slug: 'release', permission: 'push' },
    ])
    const ann = await person('ann')
    const created = await ann.issues.create({ owner: 'acme', repo: 'demo', title: 'T', labels: ['x'] })
    expect(created.data).toMatchObject({ author_association: 'MEMBER', labels: [{ name: 'x' }] })
  })
})
