import type { Files, Importer } from './files.ts'
import { inDirectory, joinPath } from './paths.ts'

const built = /(?:\.(?:min|esm|cjs|umd|prod|production|development|d))*\.[cm]?[jt]sx?$/
const sources = ['src', 'source', 'lib']

/**
 * The file of the tree that a package's target means: the target itself or, because what is built is not committed, the
 * source it was most likely built from: `dist/esm/x.js` comes from `src/x.ts`, `src/esm/x.ts` or `x.ts`, whichever is there.
 */
export function findTarget(files: Files, directory: string, target: string, importer: Importer): string | null {
  const path = joinPath(directory, target)
  if (path === null || !path.startsWith(directory)) return null
  return files.module(path, importer) ?? findSource(files, directory, target, importer)
}

function findSource(files: Files, directory: string, target: string, importer: Importer): string | null {
  const segments = target.replace(/^\.\//, '').split('/')
  if (segments.length > 12) return null
  for (let dropped = 0; dropped < segments.length; dropped++) {
    const left = segments.slice(dropped).join('/').replace(built, '')
    const places = [...sources.map((source) => `${source}/${left}`), ...(dropped > 0 ? [left] : [])]
    for (const place of places) {
      const stem = joinPath(directory, place)
      if (stem === null) continue
      const found = files.completed(stem, importer) ?? files.completed(inDirectory(stem, 'index'), importer)
      if (found !== null) return found
    }
  }
  return null
}
