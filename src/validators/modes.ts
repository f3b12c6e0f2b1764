import type { Finding, MeasuredFile } from '../model.ts'
import type { Report } from './report.ts'
import type { TreeContext } from './validator.ts'

const LINK = '120000'
const REPOSITORY = '160000'

/** A symbolic link must stay inside of the tree, by its own text: nothing outside is asked. */
export async function linkEscape(
  file: MeasuredFile,
  context: Pick<TreeContext, 'read'>,
  report: Report,
): Promise<Finding | null> {
  if (file.newMode !== LINK) return null
  const target = await context.read(file.path)
  const why = target === null ? 'cannot be read' : escapes(file.path, target)
  if (why === null) return null
  const message = `The symbolic link ${why}.`
  return report('error', 'symlink-escape', file.path, message, 'Link to a file of the repository by a relative path.')
}

function escapes(path: string, target: string): string | null {
  if (target === '' || target.includes('\0')) return 'has no target'
  if (/^([/\\]|[A-Za-z]:)/.test(target)) return 'has an absolute target'
  if (target.includes('\\')) return 'has a backslash in its target, which leads elsewhere on Windows'
  const place = path.split('/').slice(0, -1)
  let below = false
  for (const segment of target.split('/')) {
    if (segment === '..') {
      // Behind another link, `..` leads to wherever that link does.
      if (below) return 'has .. after another name in its target'
      if (place.pop() === undefined) return 'leads out of the repository'
    } else if (segment !== '' && segment !== '.') {
      below = true
      place.push(segment)
    }
  }
  return place.some((segment) => segment.toLowerCase() === '.git') ? 'leads into git’s own directory' : null
}

export function nestedRepository(file: MeasuredFile, report: Report): Finding | null {
  if (file.newMode !== REPOSITORY) return null
  return report(
    'error',
    'nested-repository',
    file.path,
    'The path is another repository (a submodule), whose content nobody has reviewed.',
    'Add the files themselves, or update the submodule by hand.',
  )
}

/** The kind of a file may not change; that it can be executed may, when the diff that was approved says so. */
export function modeChange(
  { path, kind, oldMode, newMode }: MeasuredFile,
  plan: TreeContext['plan'],
  report: Report,
): Finding | null {
  if (kind !== 'modify' || oldMode === null || newMode === null || oldMode === newMode) return null
  const bothFiles = oldMode.startsWith('100') && newMode.startsWith('100')
  if (bothFiles && statesMode(plan, path, oldMode, newMode)) return null
  const message = `The mode of the file changes from ${oldMode} to ${newMode}, and the plan does not say so.`
  const remedy = bothFiles
    ? 'Keep the mode, or state it in a diff made by git (`old mode`, `new mode`).'
    : 'Keep it a file, or remove it and add another path.'
  return report('error', 'mode-change', path, message, remedy)
}

function statesMode({ tasks }: TreeContext['plan'], path: string, oldMode: string, newMode: string): boolean {
  const stated = `\ndiff --git a/${path} b/${path}\nold mode ${oldMode}\nnew mode ${newMode}\n`
  return tasks.some(
    ({ source }) => source.kind === 'diff' && `\n${source.diff.replaceAll('\r\n', '\n')}`.includes(stated),
  )
}
