import type { Signature } from './contract.ts'
import { GitError } from './process.ts'

/** `Name <mail> 1700000000 +0200`, the way commit and tag objects hold it. The zone is dropped: times are UTC. */
export function parseSignature(text: string): Signature {
  const parts = /^(.*?) ?<([^>]*)> ?(-?\d+)?/.exec(text)
  const seconds = Number(parts?.[3] ?? 0)
  return { name: parts?.[1] ?? '', email: parts?.[2] ?? '', date: isoSeconds(seconds) }
}

/** The reverse. What would break the line or the brackets is taken out, as git does with its own idents. */
export function formatSignature({ name, email, date }: Signature): string {
  return `${printable(name)} <${printable(email)}> ${epochSeconds(date)} +0000`
}

/** The signature as the variables git reads, `role` being AUTHOR or COMMITTER. */
export function signatureEnvironment(role: 'AUTHOR' | 'COMMITTER', signature: Signature): Record<string, string> {
  return {
    [`GIT_${role}_NAME`]: printable(signature.name),
    [`GIT_${role}_EMAIL`]: printable(signature.email),
    [`GIT_${role}_DATE`]: `@${epochSeconds(signature.date)} +0000`,
  }
}

function epochSeconds(date: string): number {
  const milliseconds = Date.parse(date)
  if (Number.isNaN(milliseconds)) throw new GitError(`'${date}' is no ISO 8601 date, such as 2026-01-02T03:04:05Z`)
  return Math.max(0, Math.floor(milliseconds / 1000))
}

function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}

function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters would end the header line
  return text.replace(/[\0-\x1f<>]/g, '').trim()
}
