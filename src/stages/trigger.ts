import { removeLabel } from '../github/issues.ts'
import { renderBlocked } from '../messages/blocked.ts'
import { renderConfigFaults } from '../messages/config-faults.ts'
import { renderEnding } from '../messages/ending.ts'
import { renderQuestions } from '../messages/questions.ts'
import { renderRefusal } from '../messages/refusal.ts'
import type { Finding, Outcome, UpdateRequest, Verdict } from '../model.ts'
import { describe, judgeTrigger } from '../policy/authorisation.ts'
import { comment, label, showStatus, showWaiting } from './correspondence.ts'
import { recorded } from './once.ts'
import { personOf } from './people.ts'
import { enterPhase, finish } from './record.ts'
import { deskOf, type Desk, type Services } from './services.ts'
import { CONFIG_PATH, settingsAtHead, settingsKnown, type RepositorySettings } from './settings.ts'

export function triggering(services: Services) {
  /** TRIG-1, TRIG-3: asks GitHub who put the label on, and judges. */
  async function authorise(request: UpdateRequest): Promise<Verdict> {
    const desk = deskOf(services, request)
    const { config } = await settingsAtHead(desk, request.defaultBranch)
    const person = await personOf(desk.at, request.requester, config.authorised.teams)
    const verdict = judgeTrigger(person, config.authorised)
    await note(services, request, 'authorised', verdict)
    return verdict
  }

  /** The answer within seconds: codename, place in the queue, and the status comment that is edited from then on. */
  async function acknowledge(request: UpdateRequest): Promise<void> {
    const desk = deskOf(services, request)
    const { words } = await settingsKnown(desk, request.defaultBranch)
    await showStatus(services, { ...desk, words }, request)
    await enterPhase(services.updates, request.codename, 'preflight')
  }

  /** The end of an update. Its outcome is kept first; what people are told comes after, and may be tried again. */
  async function conclude(request: UpdateRequest, outcome: Outcome, findings: Finding[]): Promise<void> {
    const { codename } = request
    await note(services, request, 'outcome', { outcome, findings }, outcome)
    // A rollback of what had succeeded; a repeated step finds it in the log.
    const undone = outcome !== 'succeeded' && (await services.audit.byKey(`${codename}/outcome succeeded`)) !== null
    await finish(services.updates, codename, outcome, { findings })
    const desk = deskOf(services, request)
    const settings = await settingsKnown(desk, request.defaultBranch)
    const body = farewell(request, outcome, findings, settings)
    if (body !== null) await comment(services, desk, request, `${outcome} comment`, body)
    if (outcome === 'refused') {
      await recorded(services.acts, request, { name: 'label the issue', what: { without: request.label } }, () =>
        removeLabel(desk.at, request.issue, request.label),
      )
      return
    }
    if (outcome !== 'succeeded') await showStatus(services, { ...desk, words: settings.words }, request)
    await relabel(services, desk, request, outcome, undone)
    await showWaiting(services, { ...desk, words: settings.words }, request)
  }

  return { authorise, acknowledge, conclude }
}

/** Writes an event of the update into the audit log, once; `which` tells apart those of a kind that come more than once. */
export async function note(
  services: Services,
  request: UpdateRequest,
  kind: string,
  data: object,
  which = '',
): Promise<void> {
  const { repo, issue, attempt, codename } = request
  const at = new Date().toISOString()
  // Everything noted is made of the model's types, which are JSON.
  const json = JSON.parse(JSON.stringify(data)) as never
  await services.audit.append({
    repo,
    issue,
    attempt,
    codename,
    at,
    kind,
    data: json,
    key: which === '' ? `${codename}/${kind}` : `${codename}/${kind} ${which}`,
  })
}

/** Outcomes whose report was posted by their own stage have no farewell. */
function farewell(
  request: UpdateRequest,
  outcome: Outcome,
  findings: Finding[],
  { config, words, faults }: RepositorySettings,
): string | null {
  const { codename, requester, htmlUrl, defaultBranch } = request
  switch (outcome) {
    case 'refused': {
      const helpers = describe(config.authorised)
      return renderRefusal({ codename, person: requester, label: request.label, findings, helpers }, words)
    }
    case 'blocked': {
      const url = `${htmlUrl}/blob/${defaultBranch}/${CONFIG_PATH}`
      const others = findings.filter(({ rule }) => rule !== 'config-invalid')
      if (faults.length > 0) return renderConfigFaults({ codename, requester, url, faults, findings: others }, words)
      return renderBlocked({ codename, requester, findings }, words)
    }
    case 'needs-info':
      return renderQuestions({ codename, requester, questions: findings }, words)
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return renderEnding({ codename, requester, kind: outcome, findings }, words)
    case 'succeeded':
    case 'failed':
    case 'rolled-back':
    case 'rollback-failed':
    case 'cleared':
      return null
  }
}

async function relabel(
  services: Services,
  desk: Desk,
  request: UpdateRequest,
  outcome: Outcome,
  undone: boolean,
): Promise<void> {
  if (outcome === 'succeeded') return label(services, desk, request, 'pawl:done', { close: true })
  // Pawl had closed the issue as done, which it is no more.
  if (undone) return label(services, desk, request, 'pawl:failed', { close: false })
  if (outcome === 'failed' || outcome === 'rolled-back' || outcome === 'rollback-failed' || outcome === 'blocked') {
    return label(services, desk, request, 'pawl:failed')
  }
  return label(services, desk, request, null)
}
