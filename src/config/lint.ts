import type { Settings } from '../config.ts'
import { RISK_RULES } from './risk.ts'
import type { Path } from './yaml.ts'

/** A fault that needs more than one key to be seen. */
export type LintFault = { path: Path; message: string; remedy: string }

/** Settings that are well-formed each by itself and cannot work together. */
export function lintSettings(settings: Settings): LintFault[] {
  return [
    ...lintApproval(settings),
    ...lintAgents(settings),
    ...lintReview(settings),
    ...lintRisk(settings),
    ...lintProbes(settings),
    ...lintDeploy(settings),
  ]
}

function lintApproval({ approval }: Settings): LintFault[] {
  if (approval.remind < approval.expires) return []
  return [
    {
      path: ['approval', 'remind'],
      message: 'the reminder would come after the plan has expired',
      remedy: 'make approval.remind shorter than approval.expires',
    },
  ]
}

function lintAgents({ agents }: Settings): LintFault[] {
  const names = agents.map((agent) => ('name' in agent ? agent.name : agent.use))
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: ['agents', index],
            message: `a second agent is named ${name}`,
            remedy: 'give each agent its own name',
          },
        ],
  )
}

function lintReview({ validation: { reviewers, review }, risk: { levels } }: Settings): LintFault[] {
  const lists: [Path, readonly string[]][] = [
    [['validation', 'reviewers'], reviewers],
    [['risk', 'levels', 'low', 'reviewers'], levels.low.reviewers],
    [['risk', 'levels', 'medium', 'reviewers'], levels.medium.reviewers],
    [['risk', 'levels', 'high', 'reviewers'], levels.high.reviewers],
  ]
  const places = lists.flatMap(([path, names]) =>
    names.includes('review') ? [[...path, names.indexOf('review')]] : [],
  )
  if (places.length > 0 === (review !== null)) return []
  if (places.length === 0) {
    const path = ['validation', 'review']
    return [{ path, message: 'no reviewer reads this', remedy: 'add review to validation.reviewers' }]
  }
  const remedy = 'say which under validation.review, such as { model: "anthropic:<model>" }'
  return places.map((path) => ({ path, message: 'review needs a model', remedy }))
}

function lintRisk({ risk }: Settings): LintFault[] {
  const names = risk.own.map(({ name }) => name)
  const builtIn: readonly string[] = RISK_RULES
  return names.flatMap((name, index) => {
    const path = ['risk', 'own', index, 'name']
    if (builtIn.includes(name)) {
      return [{ path, message: `${name} is a built-in rule`, remedy: `set its level with risk.rules.${name}` }]
    }
    if (names.indexOf(name) === index) return []
    return [{ path, message: `a second rule is named ${name}`, remedy: 'give each rule its own name' }]
  })
}

function lintProbes({ health }: Settings): LintFault[] {
  const faults: LintFault[] = []
  const seen = new Set<string>()
  for (const [index, probe] of health.probes.entries()) {
    const path = ['health', 'probes', index]
    const refuse = (message: string, remedy: string, key?: string) =>
      faults.push({ path: key === undefined ? path : [...path, key], message, remedy })
    if ((probe.url === null) === (probe.run === null)) {
      refuse('a probe asks either an address or a command', 'give it one of url and run')
    }
    if (probe.within === 0) refuse('no answer can come within no time', 'make within at least 1ms', 'within')
    if (probe.interval === 0) refuse('an interval of nothing never ends', 'make interval at least 1ms', 'interval')
    if (probe.within > probe.interval) {
      refuse(
        'the next sample would start before this one may end',
        'make interval at least as long as within',
        'within',
      )
    }
    if (health.soak < probe.interval * health.failures) {
      refuse(
        `a soak this short has no room for ${health.failures} samples`,
        'lengthen health.soak, or shorten the interval, or lower health.failures',
        'interval',
      )
    }
    const name = probe.name ?? probe.url ?? probe.run?.join(' ')
    if (name !== undefined && seen.has(name)) {
      refuse(`a second probe is named ${name}`, 'give each probe its own name')
    }
    if (name !== undefined) seen.add(name)
  }
  return faults
}

function lintDeploy({ deploy }: Settings): LintFault[] {
  const faults: LintFault[] = []
  for (const via of ['process', 'workflow'] as const) {
    const given = deploy[via] !== null
    if (given === (deploy.via === via)) continue
    faults.push(
      given
        ? {
            path: ['deploy', via],
            message: `only via: ${via} reads this`,
            remedy: `write via: ${via}, or leave it out`,
          }
        : { path: ['deploy', 'via'], message: `via: ${via} needs more`, remedy: `say how under deploy.${via}` },
    )
  }
  if (deploy.via === 'release' && !deploy.release.tag.includes('{codename}')) {
    faults.push({
      path: ['deploy', 'release', 'tag'],
      message: 'every release would have this same tag',
      remedy: 'put {codename} into it',
    })
  }
  return faults
}
