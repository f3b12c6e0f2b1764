import { RISK_RULES, type ReviewerName, type RiskSetting } from '../config/risk.ts'
import type { Plan, RiskLevel } from '../model.ts'
import type { Area, Impact } from '../model/impact.ts'
import { anyGlob } from './globs.ts'
import { applies, riskRules, type RiskFacts } from './risk-rules.ts'

type Applied = Plan['risk']['rules'][number]

const levels: RiskLevel[] = ['low', 'medium', 'high']

/**
 * Names the rules that apply, the built-in ones first, each at the level that the configuration gives it (PLAN-4, PLAN-7). The
 * update's level is that of its worst rule; with none it is low.
 */
export function riskOf(facts: RiskFacts, setting: RiskSetting): Pick<Plan['risk'], 'level' | 'rules'> {
  const rules = [...builtIn(facts, setting), ...own(facts, setting)]
  const worst = Math.max(0, ...rules.map(({ level }) => levels.indexOf(level)))
  return { level: levels[worst] ?? 'low', rules }
}

function builtIn(facts: RiskFacts, { rules }: RiskSetting): Applied[] {
  return RISK_RULES.flatMap((rule) => {
    const found = rules[rule] === 'off' ? null : riskRules[rule](facts)
    if (found === null) return []
    const given = rules[rule]
    return [{ rule, ...found, ...(given === undefined || given === 'off' ? {} : { level: given }) }]
  })
}

/** A rule of the repository's own looks at what changes, and at what a task may change that is not known beforehand. */
function own({ tasks, touched, paths }: RiskFacts, setting: RiskSetting): Applied[] {
  if (setting.own.length === 0) return []
  const mayTouch = anyGlob(tasks.flatMap(({ task }) => task.mayTouch))
  const open = paths.filter(mayTouch)
  return setting.own.flatMap(({ name, level, paths: globs, why }) => {
    const matches = anyGlob(globs)
    const mitigation = why ?? 'The repository names these paths: look at their change with care.'
    const certain = applies(touched.filter(matches), level, 'Paths change that the rule names', mitigation)
    const possible = () =>
      applies(open.filter(matches), level, 'A task may change paths that the rule names', mitigation)
    const found = certain ?? possible()
    return found === null ? [] : [{ rule: name, ...found }]
  })
}

/** How long the probing lasts at least, ms: what the level asks for, and without that a high risk doubles what is configured. */
export function soakFor(level: RiskLevel, configured: number, { levels: demands }: RiskSetting): number {
  const { soak } = demands[level]
  if (soak !== null) return Math.max(configured, soak)
  return level === 'high' ? 2 * configured : configured
}

/** The configured reviewers, and those that the level and what is touched ask for besides. */
export function reviewersFor(
  level: RiskLevel,
  { areas, secretNames }: Pick<Impact, 'areas' | 'secretNames'>,
  configured: ReviewerName[],
  { levels: demands }: RiskSetting,
): ReviewerName[] {
  const touches = (...wanted: Area[]) => areas.some(({ area }) => wanted.includes(area))
  const asked: ReviewerName[] = [...demands[level].reviewers]
  if (touches('secrets', 'workflow') || secretNames.length > 0) asked.push('secrets')
  if (touches('workflow')) asked.push('protected-paths')
  if (touches('lock file', 'manifest')) asked.push('dependencies')
  if (touches('test')) asked.push('tests')
  return [...new Set([...configured, ...asked])]
}
