import type { Deed, World } from './contract.ts'
import type { LabelRecord, RepositoryRecord } from './records.ts'
import { labelView } from './views/label.ts'

const COLOR = 'ededed'

export function labelByName(world: World, repository: RepositoryRecord, name: string): LabelRecord | undefined {
  return world.store.list('label', repository.id).find((label) => label.name.toLowerCase() === name.toLowerCase())
}

/** Makes a label and tells about it. There must be none of that name yet. */
export function createLabel(
  world: World,
  deed: Deed,
  given: { name: string; color?: string | undefined; description?: string | undefined },
): LabelRecord {
  const { repository } = deed
  const label = world.store.put('label', {
    id: world.id(),
    repositoryId: repository.id,
    name: given.name,
    color: (given.color ?? COLOR).toLowerCase(),
    description: given.description ?? null,
  })
  world.emit({
    event: 'label',
    action: 'created',
    repository,
    sender: deed.actor,
    payload: { label: labelView(world, repository, label) },
    byWorkflow: deed.byWorkflow,
  })
  return label
}
