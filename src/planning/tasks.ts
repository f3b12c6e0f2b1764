import type { Finding } from '../model.ts'
import type { AgentSkill, ParsedRequest, TaskDraft } from './facts.ts'
import type { Revisions } from './revision.ts'

/** Which agent does what, in which order, and what must be asked before that can be told. */
export type Drafted = { drafts: TaskDraft[]; questions: Finding[] }

export function draftTasks(_parsed: ParsedRequest, _agents: AgentSkill[], _revisions: Revisions): Drafted {
  throw new Error('not written yet')
}

/** What the drafts leave open about the base tree's `paths`. */
export function questionsAbout(_drafts: TaskDraft[], _paths: string[]): Finding[] {
  throw new Error('not written yet')
}
