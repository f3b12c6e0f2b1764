// oxlint-disable-next-line no-control-regex -- control characters are what a ref name must not hold
const forbidden = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/

/**
 * Whether a full ref name (`refs/…`) is well formed, by the rules of git-check-ref-format. Such a name holds no
 * character that any of git's pattern or revision syntaxes would read as more than a name.
 */
export function isRefName(name: string): boolean {
  if (!name.startsWith('refs/') || name.length > 1024 || forbidden.test(name)) return false
  const parts = name.split('/')
  return parts.length >= 3 && parts.every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
}

const sha = /^[\da-f]{40}$/

/** Forty lower-case hexadecimal digits. */
export function isSha(text: string): boolean {
  return sha.test(text)
}
