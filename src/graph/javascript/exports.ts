import { parseSync, Visitor } from 'oxc-parser'
import type { Expression, Node, StaticExportEntry } from 'oxc-parser'

import type { Language } from './language.ts'
import type { ExportsReading } from './reading.ts'
import { parseText } from './parse.ts'

/**
 * The names a file exports: those of its `export`s, `* from './x'` for a star re-export; of CommonJS the assigned
 * properties of `exports` and `module.exports`, which is itself named `module.exports` when something else is assigned to it.
 */
export function readExports(language: Language, text: string): ExportsReading {
  const parsed = parseText(language, text)
  if (!parsed.ok) return { names: [], fault: parsed.fault }
  const names = new Set<string>()
  // The module record of raw transfer lacks the kinds of names, so it is asked for in the plain way.
  const record = parseSync('file', text, { lang: language, sourceType: 'module' }).module
  for (const statement of record.staticExports) {
    for (const entry of statement.entries) names.add(exportedName(entry))
  }
  new Visitor({
    AssignmentExpression: (node) => {
      const place = commonJsPlace(node.left)
      if (place === null) return
      if (place !== 'module.exports') names.add(place)
      else for (const name of assignedNames(node.right)) names.add(name)
    },
    TSExportAssignment: () => names.add('module.exports'),
  }).visit(parsed.result.program)
  return { names: [...names].toSorted(), fault: null }
}

function exportedName(entry: StaticExportEntry): string {
  if (entry.exportName.name !== null) return entry.exportName.name
  return entry.moduleRequest === null ? 'default' : `* from '${entry.moduleRequest.value}'`
}

/** `x` for `exports.x` and `module.exports.x`, `module.exports` for itself, null for anything else. */
function commonJsPlace(target: Node): string | null {
  if (target.type !== 'MemberExpression' || target.computed || target.property.type !== 'Identifier') return null
  const { object, property } = target
  if (object.type === 'Identifier') {
    if (object.name === 'exports') return property.name
    return object.name === 'module' && property.name === 'exports' ? 'module.exports' : null
  }
  return commonJsPlace(object) === 'module.exports' ? property.name : null
}

function assignedNames(value: Expression): string[] {
  if (value.type !== 'ObjectExpression') return ['module.exports']
  return value.properties.flatMap((property) => {
    if (property.type === 'SpreadElement') return ['module.exports']
    if (property.computed) return []
    if (property.key.type === 'Identifier') return [property.key.name]
    return property.key.type === 'Literal' ? [String(property.key.value)] : []
  })
}
