/** A command file has a line that is neither `name=value` nor the start of `name<<DELIMITER`. */
export class CommandFileFault extends Error {
  override name = 'CommandFileFault'
}

/** Reads what a step wrote to GITHUB_ENV or GITHUB_OUTPUT. Throws `CommandFileFault`. */
export function parseCommandFile(text: string): [name: string, value: string][] {
  const lines = text.split(/\r?\n/)
  const entries: [string, string][] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line === '') continue
    const equals = line.indexOf('=')
    const heredoc = line.indexOf('<<')
    if (heredoc > 0 && (equals < 0 || heredoc < equals)) {
      const delimiter = line.slice(heredoc + 2)
      const end = delimiter === '' ? -1 : lines.indexOf(delimiter, at + 1)
      if (end < 0) throw new CommandFileFault(`Invalid value. Matching delimiter not found '${delimiter}'`)
      entries.push([line.slice(0, heredoc), lines.slice(at + 1, end).join('\n')])
      at = end
    } else if (equals > 0) {
      entries.push([line.slice(0, equals), line.slice(equals + 1)])
    } else {
      throw new CommandFileFault(`Invalid format '${line}'`)
    }
  }
  return entries
}
