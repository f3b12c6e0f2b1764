import type { Finding, ProbeSample } from '../model.ts'
import { fault, pending } from './verdict.ts'

/** Times are epoch ms, `soak` ms, `margin` a fraction. Samples of one probe are in the order they were taken. */
export type HealthFacts = {
  /** Taken before the update. */
  baseline: ProbeSample[]
  samples: ProbeSample[]
  /** Names of the probes that decide. */
  probes: string[]
  soak: number
  margin: number
  /** So many failures in a row end the soak at once, and so many samples are the least that decides. */
  failures: number
  inconclusive: 'hold' | 'pass' | 'rollback'
  since: number
  now: number
}

/** `inconclusive` is for the caller to hold; where the configuration decides otherwise it is already a pass or a failure. */
export type HealthVerdict = { verdict: 'pass' | 'fail' | 'wait' | 'inconclusive'; findings: Finding[] }

/** Differences below this are noise of the network and of the machine, whatever the percentage; ms. */
const NOISE = 50

/** With fewer samples the 95th percentile is only the slowest of them. */
const ENOUGH_FOR_P95 = 20

/** Judges the probes of a freshly deployed version against those taken before (MON-2). Total; never divides by nothing. */
export function judgeHealth(facts: HealthFacts): HealthVerdict {
  if (facts.probes.length === 0) {
    const message = 'No probe is configured: that the service works was not measured.'
    const remedy = 'Add health.probes to .github/pawl.yml.'
    return { verdict: 'pass', findings: [{ gate: 'health', severity: 'warning', rule: 'no-probes', message, remedy }] }
  }
  const down = facts.probes.flatMap((probe) => failingInARow(probe, facts))
  if (down.length > 0) return { verdict: 'fail', findings: down }
  const left = facts.since + facts.soak - facts.now
  if (left > 0) return { verdict: 'wait', findings: [] }
  const judged = facts.probes.map((probe) => againstBaseline(probe, facts))
  const worse = judged.flatMap((each) => each.worse)
  const undecided = judged.flatMap((each) => each.undecided)
  const notes = judged.flatMap((each) => each.notes)
  if (worse.length > 0) return { verdict: 'fail', findings: [...worse, ...undecided, ...notes] }
  if (undecided.length === 0) return { verdict: 'pass', findings: notes }
  const settled = { hold: 'inconclusive', pass: 'pass', rollback: 'fail' } as const
  const severity = facts.inconclusive === 'rollback' ? 'error' : 'warning'
  return {
    verdict: settled[facts.inconclusive],
    findings: [...undecided.map((finding): Finding => ({ ...finding, severity })), ...notes],
  }
}

function failingInARow(probe: string, { samples, failures }: HealthFacts): Finding[] {
  const needed = Math.max(1, failures)
  let row = 0
  for (const sample of samples) {
    if (sample.probe !== probe) continue
    row = sample.ok ? 0 : row + 1
    if (row < needed) continue
    const message = `The probe ${probe} failed ${row} times in a row, last at ${sample.at}: ${sample.detail}.`
    return [fault('health', 'not-healthy', message, 'Look at the log of the service for this time.')]
  }
  return []
}

type Comparison = { worse: Finding[]; undecided: Finding[]; notes: Finding[] }

function againstBaseline(probe: string, facts: HealthFacts): Comparison {
  const { margin } = facts
  const least = Math.max(1, facts.failures)
  const now = facts.samples.filter((sample) => sample.probe === probe)
  const before = facts.baseline.filter((sample) => sample.probe === probe)
  const comparison: Comparison = { worse: [], undecided: [], notes: [] }
  if (now.length < least) {
    const message = `The probe ${probe} gave ${now.length} of at least ${least} samples that decide.`
    const remedy = 'See that the probe’s address can be reached from Pawl, or lengthen health.soak.'
    comparison.undecided.push(fault('health', 'health-inconclusive', message, remedy))
    return comparison
  }
  const worse = (what: string) => {
    const message = `The probe ${probe} is worse than before the update by more than ${percent(margin)}: ${what}.`
    comparison.worse.push(
      fault('health', 'health-worse', message, 'Look for what became slower or fails now and then.'),
    )
  }
  const [failing, failed] = [failureRate(now), failureRate(before)]
  if (failing - failed > margin) worse(`${percent(failing)} of its samples failed, before ${percent(failed)}`)
  const [fast, was] = [latencies(now), latencies(before)]
  if (was.length < least) {
    const message = `The probe ${probe} has no baseline for its latency; only its failures were judged.`
    comparison.notes.push(pending('health', 'health-inconclusive', message))
    return comparison
  }
  const percentiles = fast.length >= ENOUGH_FOR_P95 && was.length >= ENOUGH_FOR_P95 ? [0.5, 0.95] : [0.5]
  for (const share of percentiles) {
    const [is, wasThen] = [percentile(fast, share), percentile(was, share)]
    if (is - wasThen > Math.max(NOISE, wasThen * margin)) {
      worse(`its latency p${share * 100} is ${Math.round(is)} ms, before ${Math.round(wasThen)} ms`)
    }
  }
  return comparison
}

function failureRate(samples: ProbeSample[]): number {
  return samples.length === 0 ? 0 : samples.filter((sample) => !sample.ok).length / samples.length
}

/** Latencies of the answers that were good, shortest first; a failed one says nothing about speed. */
function latencies(samples: ProbeSample[]): number[] {
  return samples
    .filter((sample) => sample.ok && Number.isFinite(sample.ms))
    .map((sample) => sample.ms)
    .toSorted((a, b) => a - b)
}

/** Nearest rank; 0 of nothing. */
function percentile(sorted: number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`
