import type { Finding } from '../model.ts'
import type { Unseen } from './definitions.ts'
import type { Place } from './sources.ts'
import { hiddenCharacters } from './visible.ts'

/** Something that must be mended or answered before there can be a plan. */
export function question(rule: Finding['rule'], message: string, remedy: string, line?: number): Finding {
  return { gate: 'preflight', severity: 'error', rule, message, remedy, ...(line === undefined ? {} : { line }) }
}

/** What a reader should know and need not mend. */
function note(severity: 'info' | 'warning', message: string, remedy: string, line?: number): Finding {
  const finding: Finding = { gate: 'preflight', severity, rule: 'hidden-text', message, remedy }
  return line === undefined ? finding : { ...finding, line }
}

/** A note about characters that a reader of the text cannot see; none when there are none. */
export function hiddenIn(text: string, where: string): Finding[] {
  const characters = hiddenCharacters(text)
  if (characters.length === 0) return []
  const shown = characters.slice(0, 10).join(', ') + (characters.length > 10 ? ', …' : '')
  const remedy = 'Look at the change itself before approving: what it shows may not be what it says.'
  return [note('warning', `There are invisible characters in ${where}: ${shown}.`, remedy)]
}

export function hiddenComment(text: string, place: Place): Finding[] {
  if (text === '') return []
  const remedy = 'Write it as visible text if it belongs to the request.'
  return [
    note('info', `An HTML comment in ${place.where} is not shown to readers and was left out.`, remedy, place.line),
  ]
}

export function hiddenDefinitions(unseen: Unseen[], where: string): Finding[] {
  const [first] = unseen
  if (first === undefined) return []
  const remedy = 'Write it as visible text if it belongs to the request.'
  const message = `Line ${first.line} of ${where} defines a link that nothing links to: it is not shown to readers and was left out.`
  return [note('info', message, remedy, first.line)]
}

export function quotedBlock(place: Place): Finding {
  const remedy = 'Take the block out of the quotation if it is to be carried out.'
  return note('info', `The block in ${place.where} is quoted and was taken as an illustration.`, remedy, place.line)
}

export function twice(path: string, place: Place): Finding {
  const message = `The file \`${path}\` is given twice with different contents; the second is in ${place.where}.`
  return question('contradictory-files', message, 'Keep one of them.', place.line)
}
