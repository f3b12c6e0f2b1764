import type { Json, JsonObject, RunRequest, WorkflowEvent } from './contract.ts'
import { isMapping, scalarText } from './json.ts'
import type { InputDefinition, Workflow } from './workflow.ts'

/** The `github` context of a run; a job adds its own `job`, `token` and `workspace`. */
export function githubContext(request: RunRequest, workflow: Workflow): JsonObject {
  const { event } = request
  const payload = eventPayload(workflow, event)
  const repository = isMapping(payload['repository']) ? payload['repository'] : {}
  const owner = isMapping(repository['owner']) ? repository['owner'] : {}
  const sender = isMapping(payload['sender']) ? payload['sender'] : {}
  return {
    ref: event.ref,
    ref_name: refName(event.ref),
    ref_type: event.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    sha: event.sha,
    head_ref: request.headRef,
    base_ref: request.baseRef,
    event_name: event.name,
    event: payload,
    actor: request.actor,
    actor_id: scalarText(sender['id']),
    triggering_actor: request.actor,
    repository: request.fullName,
    repository_id: scalarText(repository['id']),
    repository_owner: request.fullName.split('/')[0] ?? '',
    repository_owner_id: scalarText(owner['id']),
    repositoryUrl: `${request.serverUrl.replace(/^https?/, 'git')}/${request.fullName}.git`,
    repository_visibility: scalarText(repository['visibility'] ?? 'public'),
    run_id: String(request.runId),
    run_number: String(request.runNumber),
    run_attempt: String(request.runAttempt),
    retention_days: '90',
    server_url: request.serverUrl,
    api_url: request.apiUrl,
    graphql_url: request.graphqlUrl,
    secret_source: 'Actions',
    workflow: workflow.name,
    workflow_ref: `${request.fullName}/${workflow.path}@${event.ref}`,
    workflow_sha: event.sha,
  }
}

/** The `inputs` context: of `workflow_dispatch` only, in the declared types and with the declared defaults. */
export function inputsContext(workflow: Workflow, event: WorkflowEvent): JsonObject {
  const given = isMapping(event.payload['inputs']) ? event.payload['inputs'] : {}
  const entries = dispatchInputs(workflow, event).map((input) => [input.name, typed(input, given[input.name])] as const)
  return Object.fromEntries(entries)
}

/** The payload as the event file holds it: GitHub adds the defaults of inputs, as texts. */
function eventPayload(workflow: Workflow, event: WorkflowEvent): JsonObject {
  const definitions = dispatchInputs(workflow, event)
  if (definitions.length === 0) return event.payload
  const given = isMapping(event.payload['inputs']) ? event.payload['inputs'] : {}
  const defaults = definitions.map((input) => [input.name, scalarText(typed(input, undefined))] as const)
  return { ...event.payload, inputs: { ...Object.fromEntries(defaults), ...given } }
}

function dispatchInputs(workflow: Workflow, event: WorkflowEvent): InputDefinition[] {
  if (event.name !== 'workflow_dispatch') return []
  return workflow.triggers.find((trigger) => trigger.event === 'workflow_dispatch')?.inputs ?? []
}

function typed(input: InputDefinition, given: Json | undefined): Json {
  const value = given ?? input.fallback
  if (input.type === 'boolean') return value === true || value === 'true'
  if (input.type === 'number') return Number(value ?? 0)
  return scalarText(value)
}

/** `refs/heads/main` → `main`, `refs/pull/7/merge` → `7/merge`. */
export function refName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags|pull)\//, '')
}
