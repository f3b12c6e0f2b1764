import type { Finding } from '../model.ts'
import type { Words } from './words.ts'

/** The request does not say enough (PRE-8); each finding is a question, its remedy how to answer. */
export type QuestionsView = { codename: string; requester: string; questions: Finding[] }

export function renderQuestions(view: QuestionsView, words: Words): string {
  throw new Error('not written yet')
}
