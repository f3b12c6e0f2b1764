import { z } from 'zod'

/** The plain values that settings are made of, each with the sentence for whatever is none. */
export const Text = z
  .string()
  .min(1, { error: 'must not be empty' })
  .max(2_000, { error: 'must be at most 2000 characters' })

export const Name = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,49}$/, {
  error: 'must be a name of at most 50 small letters, digits, dots, dashes and underscores',
})

export const Glob = Text.max(500).refine((glob) => !glob.startsWith('/'), {
  error: 'must be relative to the root of the repository: leave out the leading /',
})

export const Argv = z.array(Text).min(1, { error: 'must name a command, such as [npm, run, format]' }).max(100)

export const list = <T extends z.ZodType>(item: T) => z.array(item).max(200).default([])

export const whole = (least: number, most: number) =>
  z
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })
