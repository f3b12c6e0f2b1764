import type { Finding, TaskSource } from '../model.ts'
import type { ParsedRequest, RequestText } from './facts.ts'
import { gatherText } from './gather.ts'
import { hiddenIn, question } from './request-findings.ts'
import { titleOf } from './source-title.ts'
import { sourcePaths, withoutPaths } from './source-paths.ts'
import { oneLine } from './visible.ts'

/** GitHub allows 65,536 characters in a body; answers come on top. */
const longestText = 400_000

/** The longest list of tasks that a plan can still be read with. */
const mostTasks = 50

/**
 * Reads what an issue asks for. Diffs, whole files and recipes are tasks of their own, in the order of the text; prose is
 * then description only, but for what stands under a heading `Task`. Without any of them the prose is the task. An answer
 * that brings a diff, file or recipe takes the place of what was wrong in the texts before it. Never throws.
 */
export function parseRequest(text: RequestText): ParsedRequest {
  const title = oneLine(text.title, 256)
  if (text.body.length + text.answers.reduce((sum, answer) => sum + answer.length, 0) > longestText) {
    const message = `The request is longer than ${longestText} characters.`
    const remedy = 'Split it into several issues, or open a pull request.'
    return { title, words: '', sources: [], questions: [question('information-missing', message, remedy)], notes: [] }
  }
  const texts = [gatherText(text.body, 'the issue', text.trust)]
  text.answers.forEach((answer, at) => texts.push(gatherText(answer, `answer ${at + 1}`, text.trust)))
  const whole: ParsedRequest = {
    title,
    words: '',
    sources: [],
    questions: [],
    notes: hiddenIn(text.title, 'the title'),
  }
  let words: string[] = []
  for (const part of texts) {
    if (part.sources.length > 0) {
      whole.notes = whole.notes.concat(whole.questions.map((one): Finding => ({ ...one, severity: 'info' })))
      whole.questions = []
      whole.sources = withoutReplaced(whole.sources, part.sources)
    }
    // Not by spreading into push: a hostile text has more parts than a call may have arguments.
    whole.sources = whole.sources.concat(part.sources)
    whole.questions = whole.questions.concat(part.questions)
    whole.notes = whole.notes.concat(part.notes)
    words = words.concat(part.words)
  }
  whole.words = words.join('\n\n')
  if (whole.sources.length > mostTasks) whole.questions.push(tooMany(whole.sources.length))
  if (whole.sources.length === 0 && whole.questions.length === 0) fromWords(whole, text)
  return whole
}

/** A request of more tasks than anybody would read is asked to be split. */
function tooMany(tasks: number): Finding {
  const message = `The request has ${tasks} tasks; a plan holds at most ${mostTasks}.`
  return question('information-missing', message, 'Split it into several issues, or put the diffs into one block.')
}

/** Nothing but prose: it is the task itself, if there is any. */
function fromWords(whole: ParsedRequest, text: RequestText) {
  if (whole.words !== '') {
    const source: TaskSource = { kind: 'words', text: whole.words, trust: text.trust }
    whole.sources.push({ source, title: oneLine(whole.title) || titleOf(source), line: 1 })
    return
  }
  const message = 'The issue says in its title only what is wanted; the body has no text.'
  const remedy =
    'Add a `diff` block, a whole file (```ts path=src/x.ts), a line `Recipe: <name>`, or say what to change.'
  whole.questions.push(question('information-missing', message, remedy))
}

type Sources = ParsedRequest['sources']

/**
 * Leaves out of earlier texts what a later one says anew: files by path, recipes by name. Of a diff that is corrected only in
 * part, the other files stay. Two diffs for one file within the same text build on each other and both stay.
 */
function withoutReplaced(earlier: Sources, later: Sources): Sources {
  const paths = new Set(later.flatMap(({ source }) => sourcePaths(source) ?? []))
  const recipes = new Set(later.flatMap(({ source }) => (source.kind === 'recipe' ? [source.recipe] : [])))
  return earlier.flatMap((one) => {
    if (one.source.kind === 'recipe') return recipes.has(one.source.recipe) ? [] : [one]
    const source = withoutPaths(one.source, (path) => paths.has(path))
    return source === null ? [] : [{ ...one, source }]
  })
}
