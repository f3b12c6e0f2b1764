import { createRequire } from 'node:module'

import { Language, Parser } from '@vscode/tree-sitter-wasm'
import type { Node } from '@vscode/tree-sitter-wasm'

const require = createRequire(import.meta.url)

/** A parser of a language's whole grammar, to hold our scanners against. */
export async function openGrammar(name: 'cpp' | 'go' | 'java' | 'python' | 'rust'): Promise<(text: string) => Node> {
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)))
  return (text) => {
    const tree = parser.parse(text)
    if (tree === null) throw new Error('the grammar gave no tree')
    return tree.rootNode
  }
}

/** Every node of the types, in the order of the text. */
export function nodesOf(root: Node, ...types: string[]): Node[] {
  return root.descendantsOfType(types).filter((node) => node !== null)
}
