import type { ConfigFault } from '../config/yaml.ts'
import type { Finding } from '../model.ts'
import { comment, joined } from './comment.ts'
import { codeSpan, inline, link } from './escape.ts'
import { bullets, findingList, plural } from './layout.ts'
import type { Words } from './words.ts'

/** `url` is the file's page on GitHub, lines are linked below it. */
export type ConfigFaultsView = {
  codename: string
  requester: string
  url: string | null
  faults: ConfigFault[]
  /** What else stands in the way. */
  findings: Finding[]
}

/** Every fault of the configuration at once, with its line and the remedy (PRE-9). */
export function renderConfigFaults(view: ConfigFaultsView, words: Words): string {
  const { codename, requester, url, faults, findings } = view
  const items = faults.map(({ line, path, message, remedy }) => {
    const where = link(`line ${line}`, url === null ? null : `${url}#L${line}`)
    const key = path === '' ? '' : ` ${codeSpan(path)}`
    return `${where}:${key} ${inline(message)}\n  → ${inline(remedy)}`
  })
  return comment('config-faults', codename, [
    words('config-faults', { codename, requester }),
    `${plural(faults.length, 'fault')} in ${link('`.github/pawl.yml`', url)} on the default branch:`,
    bullets(items),
    findings.length === 0 ? null : joined(['Besides:', findingList(findings)]),
    'When that is put right, comment `/retry`.',
  ])
}
