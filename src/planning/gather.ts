import type { Finding, TaskSource, Trust } from '../model.ts'
import { readBlocks, type Block } from './blocks.ts'
import { unseenDefinitions } from './definitions.ts'
import type { ParsedRequest } from './facts.ts'
import { hiddenComment, hiddenDefinitions, hiddenIn, quotedBlock, twice } from './request-findings.ts'
import { titleOf } from './source-title.ts'
import { readFence, readRecipe, type Place, type Reading } from './sources.ts'
import { oneLine, showHidden } from './visible.ts'

type Source = ParsedRequest['sources'][number]

/** What one text of a request says, in its order. */
export type Gathered = { sources: Source[]; questions: Finding[]; notes: Finding[]; words: string[] }

/** Whole files that stand one after the other under the same heading are one task. */
type OpenFiles = { entry: Source; contents: Map<string, string>; titled: boolean }

/** Prose under a heading `Task`: each list item, or all of it, is a task in words. */
type OpenProse = { text: string[]; line: number }

type State = {
  found: Gathered
  where: string
  trust: Trust
  heading: string | null
  inTask: boolean
  files: OpenFiles | null
  prose: OpenProse | null
}

/** Reads one text: the body or an answer. `where` names it for people. Linear in the length of the text. */
export function gatherText(text: string, where: string, trust: Trust): Gathered {
  const found: Gathered = { sources: [], questions: [], notes: notesOn(text, where), words: [] }
  const state: State = { found, where, trust, heading: null, inTask: false, files: null, prose: null }
  for (const block of readBlocks(text)) readBlock(state, block)
  endProse(state)
  endFiles(state)
  return found
}

const notesOn = (text: string, where: string) => [
  ...hiddenIn(text, where),
  ...hiddenDefinitions(unseenDefinitions(text), where),
]

function readBlock(state: State, block: Block) {
  const place: Place = { where: `line ${block.line} of ${state.where}`, line: block.line }
  if (block.kind === 'comment') state.found.notes.push(...hiddenComment(block.text, place))
  if (block.kind === 'heading') readHeading(state, block)
  if (block.kind === 'text') readText(state, block, place)
  if (block.kind === 'fence') readBlockOfCode(state, block, place)
}

function readHeading(state: State, block: Extract<Block, { kind: 'heading' }>) {
  endProse(state)
  endFiles(state)
  state.inTask = /^tasks?:?$/i.test(block.text)
  state.heading = state.inTask ? null : block.text
  state.found.words.push(showHidden(block.text))
}

function readText(state: State, block: Extract<Block, { kind: 'text' }>, place: Place) {
  const rest: string[] = []
  for (const [at, line] of block.text.split('\n').entries()) {
    const here: Place = { where: `line ${place.line + at} of ${state.where}`, line: place.line + at }
    const recipe = block.quoted ? null : readRecipe(line, here)
    if (recipe === null) rest.push(line)
    else if (recipe.kind === 'source') add(state, recipe.source, here.line, null)
    else if (recipe.kind === 'fault') state.found.questions.push(recipe.finding)
  }
  const words = showHidden(rest.join('\n').trim())
  if (words === '') return
  state.found.words.push(words)
  if (!state.inTask || block.quoted) return
  if (block.item) endProse(state)
  if (state.prose === null) state.prose = { text: [words], line: block.line }
  else state.prose.text.push(words)
}

function readBlockOfCode(state: State, block: Extract<Block, { kind: 'fence' }>, place: Place) {
  const reading = readFence(block.info, block.content, block.closed, place)
  // What someone quotes is what someone else said: it is shown, and never carried out.
  if (block.quoted || reading.kind === 'illustration') {
    if (reading.kind !== 'illustration') state.found.notes.push(quotedBlock(place))
    const shown = showHidden(block.content.trimEnd())
    if (shown !== '') state.found.words.push(shown)
    return
  }
  if (reading.kind === 'fault') state.found.questions.push(reading.finding)
  if (reading.kind === 'source') add(state, reading.source, block.line, state.heading)
  if (reading.kind === 'file') addFile(state, reading, place)
}

function addFile(state: State, file: Extract<Reading, { kind: 'file' }>, place: Place) {
  if (state.files === null) {
    const titled = state.heading !== null
    const entry = add(state, { kind: 'files', files: [] }, place.line, state.heading)
    state.files = { entry, contents: new Map(), titled }
  }
  const earlier = state.files.contents.get(file.path)
  if (earlier !== undefined && earlier !== file.content) state.found.questions.push(twice(file.path, place))
  if (earlier !== undefined) return
  state.files.contents.set(file.path, file.content)
  const { source } = state.files.entry
  if (source.kind === 'files') source.files.push({ path: file.path, content: file.content })
}

function add(state: State, source: TaskSource, line: number, named: string | null): Source {
  endFiles(state)
  const entry: Source = { source, title: named === null ? titleOf(source) : oneLine(named), line }
  state.found.sources.push(entry)
  // A heading names the first task below it only; a second one under it says itself what it does.
  state.heading = null
  return entry
}

/** A task of whole files grows while it is read: a title that is taken from them is known only now. */
function endFiles(state: State) {
  if (state.files !== null && !state.files.titled) state.files.entry.title = titleOf(state.files.entry.source)
  state.files = null
}

function endProse(state: State) {
  if (state.prose === null) return
  const { text, line } = state.prose
  state.prose = null
  add(state, { kind: 'words', text: text.join('\n\n'), trust: state.trust }, line, null)
}
