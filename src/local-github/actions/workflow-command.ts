/** A line that speaks to the runner: `::error file=app.js,line=1::Missing semicolon`. */
export interface WorkflowCommand {
  name: string
  /** By their names in lower case. */
  properties: Record<string, string>
  message: string
}

/** Reads a line of a step's output as a workflow command; null when it is only output. */
export function parseCommand(line: string): WorkflowCommand | null {
  const match = /^\s*::([\w-]+)(?: ([^]*?))?::([^]*)$/.exec(line)
  if (match === null) return null
  const [, name = '', properties = '', message = ''] = match
  return { name: name.toLowerCase(), properties: parseProperties(properties), message: unescapeData(message) }
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) return []
    return [[pair.slice(0, at).trim().toLowerCase(), unescapeProperty(pair.slice(at + 1))] as const]
  })
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''))
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','))
}
