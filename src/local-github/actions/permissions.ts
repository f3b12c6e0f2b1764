import type { Json, Permissions } from './contract.ts'
import { scalarText } from './json.ts'
import { readMapping, WorkflowFault } from './workflow-fault.ts'
import type { Place } from './workflow-fault.ts'

/** Reads `permissions:`; null when it is not there. `read-all` and `write-all` become the one key `*`. */
export function readPermissions(value: Json | undefined, place: Place): Permissions | null {
  if (value === undefined || value === null) return null
  if (value === 'read-all') return { '*': 'read' }
  if (value === 'write-all') return { '*': 'write' }
  if (typeof value === 'string') throw new WorkflowFault(place, `Unexpected value '${value}'`)
  const permissions: Permissions = {}
  for (const [scope, level] of Object.entries(readMapping(value, place, null))) {
    if (level !== 'read' && level !== 'write' && level !== 'none') {
      throw new WorkflowFault([...place, scope], `Unexpected value '${scalarText(level)}'`)
    }
    permissions[scope] = level
  }
  return permissions
}
