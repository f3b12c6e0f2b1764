import { asObject, asString, asStrings } from './json.ts'
import { parseJsonc } from './jsonc.ts'

/** What the map needs of a tsconfig.json or jsconfig.json, as written: nothing is inherited yet. */
export type TsConfig = {
  extends: string[]
  references: string[]
  baseUrl: string | null
  /** Null when there is none, so that an inherited one counts. */
  paths: { [pattern: string]: string[] } | null
  rootDirs: string[]
}

/** Null when the text is no JSON object, even with comments. Source: typescriptlang.org/tsconfig. */
export function readTsConfig(text: string): TsConfig | null {
  const json = asObject(parseJsonc(text))
  if (json === null) return null
  const options = asObject(json['compilerOptions']) ?? {}
  const paths = asObject(options['paths'])
  const references = Array.isArray(json['references']) ? json['references'] : []
  return {
    extends: typeof json['extends'] === 'string' ? [json['extends']] : asStrings(json['extends']),
    references: references.flatMap((reference) => asString(asObject(reference)?.['path']) ?? []),
    baseUrl: asString(options['baseUrl']),
    paths:
      paths && Object.fromEntries(Object.entries(paths).map(([pattern, targets]) => [pattern, asStrings(targets)])),
    rootDirs: asStrings(options['rootDirs']),
  }
}

/** `tsconfig.json`, `tsconfig.build.json`, `jsconfig.json`, and their like. */
export function isTsConfig(path: string): boolean {
  return /(^|\/)(tsconfig|jsconfig)([.-][\w.-]+)?\.json$/.test(path) || /(^|\/)[\w-]+\.tsconfig\.json$/.test(path)
}
