/** No path that a command names is longer. */
const longestWord = 300
const words = /[^\s"'`;|&()<>=,{}[\]$:]+/g

/**
 * The words of a command that may be paths: they hold a slash or a dot, and no pattern characters. The map keeps those
 * that are paths of the tree.
 */
export function pathsInCommand(command: string): string[] {
  const found = new Set<string>()
  for (const [word] of command.matchAll(words)) {
    if (word.length <= longestWord && /[./]/.test(word) && !/[*?!\\]/.test(word)) found.add(word)
  }
  return [...found]
}
