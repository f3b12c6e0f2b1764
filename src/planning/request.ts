import type { Finding, TaskSource } from '../model.ts'
import { readBlocks, type Block } from './blocks.ts'
import type { ParsedRequest, RequestText } from './facts.ts'
import { titleOf } from './source-title.ts'
import { readFence, readRecipe, type Place, type Reading } from './sources.ts'
import { hiddenCharacters, oneLine, showHidden } from './visible.ts'

/** GitHub allows 65,536 characters in a body; answers come on top. */
const longestText = 400_000

type Source = ParsedRequest['sources'][number]
type Gathered = { sources: Source[]; questions: Finding[]; notes: Finding[]; words: string[] }

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
  const texts = [gather(text.body, 'the issue', text.trust)]
  text.answers.forEach((answer, at) => texts.push(gather(answer, `answer ${at + 1}`, text.trust)))
  const whole: ParsedRequest = { title, words: '', sources: [], questions: [], notes: hiddenIn(text.title, 'the title') }
  for (const { sources, questions, notes, words } of texts) {
    if (sources.length > 0 && whole.questions.length > 0) {
      whole.notes.push(...whole.questions.map((one): Finding => ({ ...one, severity: 'info' })))
      whole.questions = []
    }
    whole.sources = withoutReplaced(whole.sources, sources)
    whole.sources.push(...sources)
    whole.questions.push(...questions)
    whole.notes.push(...notes)
    if (words.length > 0) whole.words += (whole.words === '' ? '' : '\n\n') + words.join('\n\n')
  }
  if (whole.sources.length === 0 && whole.questions.length === 0) fromWords(whole, text)
  return whole
}

/** Nothing but prose: it is the task itself, if there is any. */
function fromWords(whole: ParsedRequest, text: RequestText) {
  if (whole.words !== '') {
    const source: TaskSource = { kind: 'words', text: whole.words, trust: text.trust }
    whole.sources.push({ source, title: oneLine(whole.title) || titleOf(source), line: 1 })
    return
  }
  const message = 'The issue says in its title only what is wanted; the body has no text.'
  const remedy = 'Add a `diff` block, a whole file (```ts path=src/x.ts), a line `Recipe: <name>`, or say what to change.'
  whole.questions.push(question('information-missing', message, remedy))
}

function gather(text: string, where: string, trust: RequestText['trust']): Gathered {
  const found: Gathered = { sources: [], questions: [], notes: hiddenIn(text, where), words: [] }
  let heading: string | null = null
  let files: Extract<TaskSource, { kind: 'files' }> | null = null
  const add = (source: TaskSource, line: number, named: string | null) => {
    found.sources.push({ source, title: named === null ? titleOf(source) : oneLine(named), line })
    heading = null
  }
  let inTask = false
  let prose: { text: string[]; line: number } | null = null
  const endProse = () => {
    if (prose !== null) add({ kind: 'words', text: prose.text.join('\n\n'), trust }, prose.line, null)
    prose = null
  }
  for (const block of readBlocks(text)) {
    const place: Place = { where: `line ${block.line} of ${where}`, line: block.line }
    if (block.kind === 'comment') found.notes.push(...hiddenComment(block, place))
    if (block.kind === 'heading') {
      endProse()
      files = null
      inTask = /^tasks?:?$/i.test(block.text)
      heading = inTask ? null : block.text
      found.words.push(showHidden(block.text))
    }
    if (block.kind === 'text') {
      const { recipes, rest } = recipeLines(block, place)
      for (const recipe of recipes) {
        if (recipe.kind === 'source') add(recipe.source, block.line, null)
        if (recipe.kind === 'fault') found.questions.push(recipe.finding)
      }
      if (rest === '') continue
      found.words.push(showHidden(rest))
      if (!inTask || block.quoted) continue
      if (block.item) endProse()
      prose = { text: [...(prose?.text ?? []), showHidden(rest)], line: prose?.line ?? block.line }
    }
    if (block.kind !== 'fence') continue
    const reading = fenceReading(block, place, found)
    if (reading.kind === 'illustration') found.words.push(showHidden(block.content.trimEnd()))
    if (reading.kind === 'fault') found.questions.push(reading.finding)
    if (reading.kind === 'source') add(reading.source, block.line, heading)
    if (reading.kind !== 'file') continue
    const earlier = files?.files.find((file) => file.path === reading.path)
    if (earlier !== undefined && earlier.content !== reading.content) found.questions.push(twice(reading.path, place))
    else if (earlier === undefined && files !== null) files.files.push({ path: reading.path, content: reading.content })
    else if (earlier === undefined) {
      files = { kind: 'files', files: [{ path: reading.path, content: reading.content }] }
      add(files, block.line, heading)
    }
  }
  endProse()
  // A task of whole files grows while it is read: its derived title is known only now.
  return found
}
