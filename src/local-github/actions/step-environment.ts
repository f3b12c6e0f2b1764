import { delimiter, dirname } from 'node:path'

import { runnerContext } from './runner-context.ts'
import type { JobRuntime } from './job-runtime.ts'
import { scalarText } from './json.ts'

/** The whole environment of a step's program; `own` is the step's `env`, `more` what an action adds. */
export function stepEnvironment(
  job: JobRuntime,
  own: Record<string, string>,
  files: Record<string, string>,
  more: Record<string, string> = {},
): Record<string, string> {
  const merged = { ...job.environment, ...job.variables, ...own, ...more, ...files, ...runnerVariables(job) }
  const path = merged['PATH'] ?? ''
  return { ...merged, PATH: [...job.paths, path].filter(Boolean).join(delimiter) }
}

/** The variables that a runner sets for every step and that nothing may change. */
function runnerVariables(job: JobRuntime): Record<string, string> {
  const { github } = job.contexts
  const text = (key: string) => scalarText(github[key])
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__run',
    GITHUB_ACTOR: text('actor'),
    GITHUB_ACTOR_ID: text('actor_id'),
    GITHUB_API_URL: text('api_url'),
    GITHUB_BASE_REF: text('base_ref'),
    GITHUB_EVENT_NAME: text('event_name'),
    GITHUB_EVENT_PATH: text('event_path'),
    GITHUB_GRAPHQL_URL: text('graphql_url'),
    GITHUB_HEAD_REF: text('head_ref'),
    GITHUB_JOB: text('job'),
    GITHUB_REF: text('ref'),
    GITHUB_REF_NAME: text('ref_name'),
    GITHUB_REF_PROTECTED: text('ref_protected'),
    GITHUB_REF_TYPE: text('ref_type'),
    GITHUB_REPOSITORY: text('repository'),
    GITHUB_REPOSITORY_ID: text('repository_id'),
    GITHUB_REPOSITORY_OWNER: text('repository_owner'),
    GITHUB_REPOSITORY_OWNER_ID: text('repository_owner_id'),
    GITHUB_RETENTION_DAYS: text('retention_days'),
    GITHUB_RUN_ATTEMPT: text('run_attempt'),
    GITHUB_RUN_ID: text('run_id'),
    GITHUB_RUN_NUMBER: text('run_number'),
    GITHUB_SERVER_URL: text('server_url'),
    GITHUB_SHA: text('sha'),
    GITHUB_TRIGGERING_ACTOR: text('triggering_actor'),
    GITHUB_WORKFLOW: text('workflow'),
    GITHUB_WORKFLOW_REF: text('workflow_ref'),
    GITHUB_WORKFLOW_SHA: text('workflow_sha'),
    GITHUB_WORKSPACE: job.folder.workspace,
    ...runnerSettings(job),
  }
}

function runnerSettings(job: JobRuntime): Record<string, string> {
  const runner = runnerContext(job.folder)
  return {
    RUNNER_ARCH: runner.arch,
    RUNNER_ENVIRONMENT: runner.environment,
    RUNNER_NAME: runner.name,
    RUNNER_OS: runner.os,
    RUNNER_TEMP: runner.temp,
    RUNNER_TOOL_CACHE: runner.tool_cache,
    RUNNER_TRACKING_ID: job.folder.id,
    RUNNER_WORKSPACE: dirname(job.folder.workspace),
  }
}
