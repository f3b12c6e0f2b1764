import type { Criterion } from '../model.ts'
import { codeSpan, inline } from './escape.ts'

/** A success criterion as a sentence of Markdown, without a full stop. */
export function criterionText(criterion: Criterion): string {
  switch (criterion.kind) {
    case 'files-as-planned':
      return 'Exactly the planned files change'
    case 'checks-pass':
      return `Round ${criterion.round} of validation passes`
    case 'tree-is-checked-tree':
      return 'The merged tree is the tree that round 1 checked'
    case 'deployed':
      return `The merged commit is in service in ${inline(criterion.environment)}`
    case 'healthy':
      return `The probe ${codeSpan(criterion.probe)} stays as healthy as before`
  }
}
