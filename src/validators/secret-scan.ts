/** The program of a worker thread: takes texts, answers where secrets are in them. */
import { parentPort, workerData } from 'node:worker_threads'
import { lintSource } from '@secretlint/core'
import { rules } from '@secretlint/secretlint-rule-preset-recommend'

export type ScannedFile = { path: string; content: string }

/** Lines are counted from 1; both are part of it. */
export type SecretPlace = { path: string; kind: string; from: number; to: number }

// Comments that switch the rules off would let the change judge itself.
const chosen = rules
  .filter((rule) => !rule.meta.id.endsWith('-filter-comments'))
  .map((rule) => ({ id: rule.meta.id, rule }))

const places: SecretPlace[] = []
for (const { path, content } of workerData as ScannedFile[]) {
  const source = { filePath: path, content, ext: /\.[^./]+$/.exec(path)?.[0] ?? '', contentType: 'text' as const }
  const options = { maskSecrets: true, noPhysicFilePath: true, config: { rules: chosen } }
  const { messages } = await lintSource({ source, options })
  for (const { loc, ruleId, messageId } of messages) {
    const kind = `${ruleId.replace(/^.*secretlint-rule-/, '')}: ${messageId}`
    places.push({ path, kind, from: loc.start.line, to: loc.end.line })
  }
}
parentPort?.postMessage(places)
