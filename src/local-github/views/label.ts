import type { JsonObject, World } from '../contract.ts'
import type { LabelRecord, RepositoryRecord } from '../records.ts'
import { repositoryUrl } from './repository.ts'
import { nodeId } from './user.ts'

export function labelView(world: World, repository: RepositoryRecord, label: LabelRecord): JsonObject {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  }
}
