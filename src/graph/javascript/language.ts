/** How a text is parsed. JavaScript is always read with JSX, which is harmless there; TypeScript is not. */
export type Language = 'jsx' | 'ts' | 'tsx' | 'dts'

const languages: Record<string, Language> = {
  js: 'jsx',
  mjs: 'jsx',
  cjs: 'jsx',
  jsx: 'jsx',
  ts: 'ts',
  mts: 'ts',
  cts: 'ts',
  tsx: 'tsx',
}

/** Files whose script blocks are JavaScript or TypeScript. */
export type Embedding = 'vue' | 'svelte' | 'astro'

/** The language of a file by its name, or null when it is no JavaScript or TypeScript. */
export function languageOf(path: string): Language | null {
  const dot = path.lastIndexOf('.')
  const language = dot < 0 ? undefined : languages[path.slice(dot + 1)]
  if (language !== 'ts') return language ?? null
  return path.endsWith('.d', dot) ? 'dts' : language
}

export function embeddingOf(path: string): Embedding | null {
  if (path.endsWith('.vue')) return 'vue'
  if (path.endsWith('.svelte')) return 'svelte'
  return path.endsWith('.astro') ? 'astro' : null
}
