/**
 * The specifier of an address that is relative to the file: there `x.js` is relative, where as a specifier it would be a
 * package. Null for what leads elsewhere, or to a directory.
 */
export function relativeAddress(address: string): string | null {
  if (/^[a-z][a-z\d+.-]*:/i.test(address) || address.endsWith('/') || address === '.' || address === '..') return null
  return /^\.{0,2}\//.test(address) ? address : `./${address}`
}
