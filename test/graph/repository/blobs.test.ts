import { afterEach, expect, test, vi } from 'vitest'
import { askForBlobs } from '../../../src/graph/repository/blobs.ts'
import { listTree } from '../../../src/graph/repository/tree.ts'
import { createRepository, type TestRepository } from '../repositories.ts'

const repositories: TestRepository[] = []
afterEach(() => {
  for (const repository of repositories.splice(0)) repository.remove()
})

/** A tree of so many texts, and git asked for all of them. */
async function askedFor(count: number) {
  const repository = createRepository()
  repositories.push(repository)
  const tree = Object.fromEntries(Array.from({ length: count }, (_each, at) => [`${at}.txt`, `text ${at}`]))
  const entries = await listTree(repository.path, repository.commit(tree))
  const requests = entries.map(({ id }) => ({ id, limit: 100 }))
  return { texts: Object.values(tree), asked: await askForBlobs(repository.path, requests) }
}

async function taken({ asked }: Awaited<ReturnType<typeof askedFor>>): Promise<string[]> {
  const texts: string[] = []
  await asked.take((_request, { content }) => void texts.push(content?.toString() ?? ''))
  return texts
}

test('blobs that nobody took before git had ended are all there', async () => {
  const few = await askedFor(20)
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap'), { timeout: 10_000 })
  expect((await taken(few)).toSorted()).toEqual(few.texts.toSorted())
})

test('blobs that are too many for one pipe wait for who takes them, and come in the order asked for', async () => {
  const many = await askedFor(2_500)
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).toContain('ProcessWrap'))
  const texts = await taken(many)
  expect(texts).toHaveLength(2_500)
  // Git's order is that of the names.
  expect(texts.slice(0, 3)).toEqual(['text 0', 'text 1', 'text 10'])
  expect(texts.toSorted()).toEqual(many.texts.toSorted())
})
