/** The file of a `/// <reference path="…" />`, or of one to `types` that are no package; the text begins after `//`. */
export function referencedPath(comment: string): string | null {
  const [, attribute, path] = /^\/\s*<reference\s+(path|types)\s*=\s*["']([^"']+)["']/.exec(comment) ?? []
  if (path === undefined || /^\.{0,2}\//.test(path)) return path ?? null
  return attribute === 'path' ? `./${path}` : null
}
