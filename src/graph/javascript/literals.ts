/*
 * Where literals end, in Latin-1 text. Each gives the place behind it, or -1 when it has no end: then it is none, or something
 * was misunderstood before.
 */

/** Of the string that begins at `start`. */
export function endOfString(text: string, start: number): number {
  const quote = text.charCodeAt(start)
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at + 1
    if (code === 92) {
      at++
      if (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10) at++
    } else if (code === 10 || code === 13) return -1
  }
  return -1
}

/** Of the part of a template that begins at `start`: behind its last backtick, or behind the `${` of a hole. */
export function endOfTemplatePart(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === 96) return at + 1
    else if (code === 36 && text.charCodeAt(at + 1) === 123) return at + 2
  }
  return -1
}

/** Of the regular expression that begins at `start`; its flags are words. */
export function endOfPattern(text: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return -1
    if (code === 92) at++
    else if (code === 91) inClass = true
    else if (code === 93) inClass = false
    else if (code === 47 && !inClass) return at + 1
  }
  return -1
}
