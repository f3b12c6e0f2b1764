import type { RefIntentRecord } from './code-records.ts'
import type { Deed, World } from './contract.ts'
import type { RefChange, RefWritten } from './git/contract.ts'
import { readRef, writeRefs } from './git/refs.ts'
import { gatherMoves } from './moved-refs.ts'
import { userById } from './people.ts'
import { tellMoves } from './tell-moves.ts'

/*
 * The one path of every change of a branch or tag, by push or by REST. What is about to move is written down first, so
 * that after a crash the events of what has moved are still sent.
 */

/** A merge of a pull request that moves its base branch. */
export type Merging = NonNullable<RefIntentRecord['merging']>

/** Moves refs and does all that follows. The caller holds the repository. */
export async function moveRefs(
  world: World,
  deed: Deed,
  changes: RefChange[],
  merging: Merging | null = null,
): Promise<RefWritten> {
  const intent = intendMoves(world, deed, changes, merging)
  world.store.flush()
  const written = await writeRefs(world.gitDir(deed.repository), ...changes)
  if (written.ok) await refsMoved(world, deed, changes, merging)
  else if (intent !== null) world.store.remove('refIntent', intent.id)
  return written
}

/** Writes down what is about to move; null when nobody would be told of it. */
export function intendMoves(
  world: World,
  deed: Deed,
  changes: RefChange[],
  merging: Merging | null = null,
): RefIntentRecord | null {
  const told = changes.filter(isTold)
  if (told.length === 0) return null
  return world.store.put('refIntent', {
    id: world.id(),
    repositoryId: deed.repository.id,
    actorId: deed.actor.id,
    viaAppId: deed.viaApp?.id ?? null,
    byWorkflow: deed.byWorkflow,
    changes: told,
    merging,
  })
}

/** Does what follows from refs that have moved: webhooks, pull requests, workflows. The caller holds the repository. */
export async function refsMoved(
  world: World,
  deed: Deed,
  changes: RefChange[],
  merging: Merging | null = null,
): Promise<void> {
  const told = changes.filter(isTold)
  if (told.length === 0) return
  const moves = await gatherMoves(world, deed.repository, told, merging)
  tellMoves(world, deed, moves, merging)
  for (const intent of world.store.list('refIntent', deed.repository.id)) {
    // One that starts where this ended belongs to a push that is under way.
    if (told.some(({ name, after }) => intent.changes.some((one) => one.name === name && one.before !== after))) {
      world.store.remove('refIntent', intent.id)
    }
  }
}

/** At the start: sends the events of what had moved when the last process died. */
export async function finishMoves(world: World): Promise<void> {
  for (const intent of world.store.list('refIntent')) {
    const repository = world.store.get('repository', intent.repositoryId)
    if (repository === undefined) continue
    const viaApp = intent.viaAppId === null ? null : (world.store.get('app', intent.viaAppId) ?? null)
    const deed = { repository, actor: userById(world.store, intent.actorId), viaApp, byWorkflow: intent.byWorkflow }
    await world.exclusively(repository.id, async () => {
      const moved: RefChange[] = []
      for (const change of intent.changes) {
        const ref = await readRef(world.gitDir(repository), change.name)
        if ((ref?.sha ?? null) === change.after) moved.push(change)
      }
      await refsMoved(world, deed, moved, moved.length === 0 ? null : intent.merging)
      world.store.remove('refIntent', intent.id)
    })
  }
}

/** GitHub tells of branches and tags only. */
const isTold = ({ name }: RefChange): boolean => name.startsWith('refs/heads/') || name.startsWith('refs/tags/')
