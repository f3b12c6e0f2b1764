/** What the map needs of a go.mod. Source: go.dev/ref/mod, "go.mod files". */
export type GoModuleReading = {
  module: string | null
  requires: string[]
  /** A module path and the directory, relative to this one, that takes its place. */
  replaces: [path: string, directory: string][]
}

export function readGoModule(text: string): GoModuleReading {
  const reading: GoModuleReading = { module: null, requires: [], replaces: [] }
  let block = ''
  for (const line of text.split('\n')) {
    const words = wordsOf(line)
    if (block !== '' && words[0] === ')') block = ''
    else if (words[1] === '(') block = words[0] ?? ''
    else if (words.length > 0) take(reading, block === '' ? words : [block, ...words])
  }
  return reading
}

function take(reading: GoModuleReading, [verb, path, ...rest]: string[]): void {
  if (path === undefined) return
  if (verb === 'module') reading.module ??= path
  else if (verb === 'require') reading.requires.push(path)
  else if (verb === 'replace') {
    const target = rest[rest.indexOf('=>') + 1]
    if (rest.includes('=>') && target !== undefined && /^\.\.?(?:\/|$)/.test(target)) {
      reading.replaces.push([path, target])
    }
  }
}

function wordsOf(line: string): string[] {
  const comment = line.indexOf('//')
  const words = (comment < 0 ? line : line.slice(0, comment)).split(/\s+/)
  return words.filter((word) => word !== '').map((word) => word.replace(/^["`]|["`]$/g, ''))
}
