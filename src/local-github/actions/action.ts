import { missCache } from './action-cache.ts'
import { checkout } from './action-checkout.ts'
import { downloadArtifact } from './action-download-artifact.ts'
import { setUpTool } from './action-setup.ts'
import { uploadArtifact } from './action-upload-artifact.ts'
import type { JsonObject } from './contract.ts'
import { evaluateToText } from './expression.ts'
import type { KnownAction } from './known-actions.ts'
import { knownAction, unsupportedAction } from './known-actions.ts'
import type { StepResult, StepRun } from './step-run.ts'

/** The inputs of an action by their names in lower case; an absent one is not there. */
type ActionInputs = Record<string, string>

/** Does what an action of the marketplace would do, as far as it means something on this machine. */
export async function runAction(run: StepRun, uses: string, templates: JsonObject): Promise<StepResult> {
  const action = knownAction(uses)
  if (action === null) return { error: unsupportedAction(uses) ?? `uses: ${uses} is not supported here.` }
  const inputs = readInputs(templates, run)
  const listed = Object.entries(inputs).map(([name, value]) => `  ${name}: ${value}\n`)
  run.job.log.write(
    run.number,
    `##[group]Run ${uses}\n${listed.length > 0 ? `with:\n${listed.join('')}` : ''}##[endgroup]`,
  )
  try {
    return await act(run, action, inputs)
  } catch (error) {
    // What a step may do to files, such as taking its own rights away, is the workflow's fault and not the machine's.
    if (error instanceof Error && 'code' in error) return { error: error.message }
    throw error
  }
}

async function act(run: StepRun, action: KnownAction, inputs: ActionInputs): Promise<StepResult> {
  switch (action.kind) {
    case 'checkout':
      return checkout(run, inputs)
    case 'setup':
      return setUpTool(run, action.tool, inputs)
    case 'cache':
      return missCache(run, inputs)
    case 'upload-artifact':
      return uploadArtifact(run, inputs)
    case 'download-artifact':
      return downloadArtifact(run, inputs)
  }
}

function readInputs(templates: JsonObject, { scope }: StepRun): ActionInputs {
  const entries = Object.entries(templates).map(
    ([name, value]) => [name.toLowerCase(), evaluateToText(value, scope)] as const,
  )
  return Object.fromEntries(entries)
}
