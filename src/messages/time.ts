/** A duration in ms for people: `850 ms`, `3.2 s`, `4 min 10 s`, `1 h 4 min`, `7 d`. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return 'unknown'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 59_500) return `${Math.round(ms / 100) / 10} s`
  if (ms < 3_600_000) return pair(ms, 60_000, 'min', 1_000, 's')
  if (ms < 86_400_000) return pair(ms, 3_600_000, 'h', 60_000, 'min')
  return pair(ms, 86_400_000, 'd', 3_600_000, 'h')
}

function pair(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const smalls = Math.round(ms / small)
  const whole = Math.floor((smalls * small) / large)
  const rest = smalls - (whole * large) / small
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`
}

/** A moment as `2026-05-01 12:04:05 UTC`; `an unknown time` for what is no ISO 8601 in UTC. */
export function timeText(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(iso)
  return match === null ? 'an unknown time' : `${match[1]} ${match[2]} UTC`
}
