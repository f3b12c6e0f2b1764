import { compare } from '../git/compare.ts'
import { findRevision } from '../revisions.ts'
import { commitRows } from './commit-list.ts'
import { diffPart } from './diff.ts'
import { html } from './html.ts'
import { nothingHere } from './nothing-here.ts'
import type { ShowInRepository } from './visit.ts'

/** `base...head`: the commits of head that base lacks, and what they change. */
export const comparePage: ShowInRepository = async ({ world, repository, params }) => {
  const [baseName, headName, more] = (params['range'] ?? '').split('...')
  if (baseName === undefined || headName === undefined || more !== undefined) return nothingHere
  const [base, head] = await Promise.all([baseName, headName].map((name) => findRevision(world, repository, name)))
  if (base?.ok !== true || head?.ok !== true) return nothingHere
  const compared = await compare(world.gitDir(repository), base.commit.sha, head.commit.sha)
  const main = html`<div id="compare">
      <h1><code>${baseName}</code> … <code>${headName}</code></h1>
      <p>${compared.status}</p>
    </div>
    <section id="commits">
      <h2>Commits</h2>
      ${commitRows(world, repository, compared.commits.toReversed())}
    </section>
    <section id="files">
      <h2>Files</h2>
      ${diffPart(repository, head.commit.sha, compared.files)}
    </section>`
  return { kind: 'page', title: `${baseName}...${headName}`, main, tab: 'code' }
}
