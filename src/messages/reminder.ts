import type { Words } from './words.ts'

/** `expiresAt` is ISO 8601; `approvers` says in words who may approve. */
export type ReminderView = { codename: string; requester: string; digest: string; approvers: string; expiresAt: string; planUrl: string | null }

export function renderReminder(view: ReminderView, words: Words): string {
  throw new Error('not written yet')
}
