/** Far more than a settings or workflow file needs, far less than the parser's stack holds. */
const DEEPEST = 50

/** Blocks nest by indentation, or by several signs at the beginning of one line. */
const DEEP_BLOCK = new RegExp(`^(?: {${DEEPEST * 4}}|(?: *[-?:]){${DEEPEST}})`, 'm')

/**
 * Whether a YAML text nests so deeply that it must not reach the parser, which recurses: where its stack runs out in the
 * midst of a regular expression, V8 ends the whole process. It errs on the side of refusing: brackets in quotes and in
 * comments count as well.
 */
export function nestsTooDeeply(text: string): boolean {
  if (DEEP_BLOCK.test(text)) return true
  let open = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1)
    if (open > DEEPEST) return true
  }
  return false
}
