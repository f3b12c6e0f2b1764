import type { Finding } from '../model.ts'
import { comment } from './comment.ts'
import { findingList } from './layout.ts'
import type { Words } from './words.ts'

/** The request does not say enough (PRE-8); each finding is a question, its remedy how to answer. */
export type QuestionsView = { codename: string; requester: string; questions: Finding[] }

/** The missing points as a list. */
export function renderQuestions({ codename, requester, questions }: QuestionsView, words: Words): string {
  return comment('questions', codename, [
    words('questions', { codename, requester }),
    findingList(questions),
    'An answer may bring what was missing, such as a corrected `diff` block. Everything is checked again from the beginning.',
  ])
}
