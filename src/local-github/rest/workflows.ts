import { triggeredWorkflows } from '../actions/triggers.ts'
import { answer, notFound, paged, refuse } from '../answers.ts'
import type { WorkflowRecord } from '../code-records.ts'
import type { Call, Handler, Handlers, JsonObject, World } from '../contract.ts'
import { readRefFile } from '../git/ref-files.ts'
import { readRef } from '../git/refs.ts'
import { flag, object, text } from '../json.ts'
import { startWorkflows } from '../start-workflows.ts'
import { repositoryPage, repositoryUrl, repositoryView } from '../views/repository.ts'
import { userView } from '../views/user.ts'
import { workflowView } from '../views/workflow.ts'
import { ensureWorkflow, workflowFiles, workflowName } from '../workflow-files.ts'

/** Records of the workflows on the default branch, and of all that ever ran. */
async function allWorkflows(call: Call, world: World): Promise<WorkflowRecord[]> {
  const { repository } = call
  const directory = world.gitDir(repository)
  const tip = await readRefFile(directory, `refs/heads/${repository.defaultBranch}`)
  const files = tip === null ? [] : await workflowFiles(directory, tip)
  for (const file of files) ensureWorkflow(world, repository, file.path, workflowName(file))
  return world.store.list('workflow', repository.id)
}

/** The workflow a path names by id or by file name. */
export async function findWorkflow(call: Call, world: World): Promise<WorkflowRecord | undefined> {
  const named = call.text('workflow_id')
  return (await allWorkflows(call, world)).find(({ id, path }) => String(id) === named || path.endsWith(`/${named}`))
}

const list: Handler = async (call, world) =>
  paged(call, await allWorkflows(call, world), (each) => workflowView(world, call.repository, each), 'workflows')

const get: Handler = async (call, world) => {
  const workflow = await findWorkflow(call, world)
  return workflow === undefined ? notFound() : answer(200, workflowView(world, call.repository, workflow))
}

const dispatch: Handler = async (call, world) => {
  const { repository, body, actor } = call
  const workflow = await findWorkflow(call, world)
  if (workflow === undefined) return notFound()
  const directory = world.gitDir(repository)
  const given = text(body['ref']) ?? ''
  const names = given.startsWith('refs/') ? [given] : [`refs/heads/${given}`, `refs/tags/${given}`]
  const refs = await Promise.all(names.map((name) => readRef(directory, name)))
  const ref = refs.find((found) => found !== null)
  if (ref === undefined || ref === null) return refuse(422, `No ref found for: ${given}`)
  const payload: JsonObject = {
    ref: ref.name,
    inputs: object(body['inputs']) ?? {},
    workflow: workflow.path,
    repository: repositoryView(world, repository),
    sender: userView(world, actor),
  }
  const event = { name: 'workflow_dispatch', payload, ref: ref.name, sha: ref.peeled, changedFiles: null }
  const files = await workflowFiles(directory, ref.peeled)
  if (triggeredWorkflows(files, event).length === 0) {
    return refuse(422, "Workflow does not have 'workflow_dispatch' trigger")
  }
  const { inputs } = payload
  const told = { ref: ref.name, inputs: inputs ?? null, workflow: workflow.path }
  world.emit({ event: 'workflow_dispatch', repository, sender: actor, byWorkflow: false, payload: told })
  const origin = { repositoryId: repository.id, actorId: actor.id, event: 'workflow_dispatch' }
  const trigger = world.store.put('trigger', { id: world.id(), ...origin, payload })
  const [run] = await startWorkflows(world, trigger)
  if (run === undefined || flag(body['return_run_details']) !== true) return answer(204)
  return answer(200, {
    workflow_run_id: run.id,
    run_url: `${repositoryUrl(world, repository)}/actions/runs/${run.id}`,
    html_url: `${repositoryPage(world, repository)}/actions/runs/${run.id}`,
  })
}

export const workflows: Handlers = {
  'actions/list-repo-workflows': list,
  'actions/get-workflow': get,
  'actions/create-workflow-dispatch': dispatch,
}
