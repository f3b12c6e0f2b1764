import type { BareRepository, ObjectType, Sha } from './contract.ts'
import { git } from './process.ts'

export interface StoredObject {
  sha: Sha
  type: ObjectType
  content: Buffer
}

/** Objects by sha with one `cat-file --batch`, in the order asked for; null for what the repository does not have. */
export async function readObjects(repository: BareRepository, shas: Sha[]): Promise<(StoredObject | null)[]> {
  if (shas.length === 0) return []
  const output = await git(repository, ['cat-file', '--batch'], { input: shas.map((sha) => `${sha}\n`).join('') })
  const objects: (StoredObject | null)[] = []
  let at = 0
  while (at < output.length) {
    const end = output.indexOf('\n', at)
    const header = output.subarray(at, end).toString()
    const found = /^([\da-f]{40}) (commit|tree|blob|tag) (\d+)$/.exec(header)
    at = end + 1
    if (found === null) {
      objects.push(null)
      continue
    }
    const size = Number(found[3])
    objects.push({ sha: found[1] ?? '', type: found[2] as ObjectType, content: output.subarray(at, at + size) })
    at += size + 1
  }
  return objects
}
