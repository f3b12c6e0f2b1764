import type { Certificate } from '../model.ts'
import { comment, joined } from './comment.ts'
import { codeCell, codeSpan, inline } from './escape.ts'
import { table } from './layout.ts'
import { timeText } from './time.ts'
import type { Words } from './words.ts'

const RESTORATIONS: Record<Certificate['restoration'], string> = {
  exact: 'The default branch has exactly the tree of the snapshot.',
  'without-change': 'Others merged meanwhile: the default branch has their work without this change.',
  untouched: 'Nothing of this update was merged; the default branch was never touched.',
}

/** The proof of the restoration (SNAP-5): trees, deployed commit, probes. */
export function certificateSection(certificate: Certificate): string {
  const { restoration, snapshot, final, deployed, probes } = certificate
  const rows = [
    ['Snapshot', codeSpan(snapshot.commit), codeSpan(snapshot.tree)],
    ['Now', codeSpan(final.commit), codeSpan(final.tree)],
  ]
  const service =
    deployed === null
      ? 'Nothing is deployed by Pawl.'
      : `In service: ${codeSpan(deployed.sha)}, ${inline(deployed.state)}.`
  const answers = probes.map(({ probe, healthy, detail }) => [
    codeCell(probe),
    healthy ? '✅ healthy' : '❌ not healthy',
    inline(detail),
  ])
  return joined([
    '## Restoration certificate',
    `${RESTORATIONS[restoration]} ${inline(certificate.statement, 1_000)}`,
    table(['', 'Commit', 'Tree'], rows),
    service,
    table(['Probe', 'Answer', 'Detail'], answers),
    `_Issued for ${codeSpan(certificate.codename)} at ${timeText(certificate.at)}._`,
  ])
}

export function renderCertificate(certificate: Certificate, words: Words): string {
  const { codename } = certificate
  return comment('certificate', codename, [words('restored', { codename }), certificateSection(certificate)])
}
