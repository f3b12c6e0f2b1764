import type { MessageName, ThemeName } from '../config.ts'

/** Writes one message. `values` are untrusted: each is escaped, so that it stays one line of text in its place. */
export type Words = (name: MessageName, values: Record<string, string>) => string

/** The words of a theme, with those messages that a repository says in its own words. */
export function createWords(theme: ThemeName, overrides: Partial<Record<MessageName, string>>): Words {
  throw new Error(`not written yet: ${theme} ${Object.keys(overrides).length}`)
}
