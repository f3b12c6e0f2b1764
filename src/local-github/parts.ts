import { startCode } from './code.ts'
import type { StartPart } from './contract.ts'

/** What lives as long as the server, in the order of starting. */
export const PARTS: readonly StartPart[] = [startCode]

/** The web pages. */
export { pages } from './pages/pages.ts'
