/** How a text is parsed. JavaScript is always read with JSX, which is harmless there; TypeScript is not. */
export type Language = 'jsx' | 'ts' | 'tsx' | 'dts'

export const languagesByExtension = new Map<string, Language>([
  ['js', 'jsx'],
  ['mjs', 'jsx'],
  ['cjs', 'jsx'],
  ['jsx', 'jsx'],
  ['ts', 'ts'],
  ['mts', 'ts'],
  ['cts', 'ts'],
  ['tsx', 'tsx'],
])

/** Files whose script blocks are JavaScript or TypeScript. */
export type Embedding = 'vue' | 'svelte' | 'astro'

export const embeddingsByExtension = new Map<string, Embedding>([
  ['vue', 'vue'],
  ['svelte', 'svelte'],
  ['astro', 'astro'],
])
