import { once } from 'node:events'

/** What a command prints. Logs and progress go to stderr, so that stdout holds one document only. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** For output that is larger than what should wait in memory: goes on when who reads it has taken it. */
export async function printPiece(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

export function tell(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}
