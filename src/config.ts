import { z } from 'zod'
import { Model, Planner, Review } from './config/models.ts'
import { REVIEWERS, Risk, USUAL_REVIEWERS } from './config/risk.ts'
import { Argv, Glob, list, Name, Text, whole } from './config/scalars.ts'
import { Duration, Percentage, Size } from './config/units.ts'

/** The built-in voices of messages; `src/messages/themes` holds the words. */
export const THEMES = ['plain', 'mechanic', 'space'] as const
export type ThemeName = (typeof THEMES)[number]

/** The messages whose words a theme or `messages:` may set. The first eight are those of COMM-1. */
export const MESSAGE_NAMES = [
  'processing',
  'planning',
  'plan-ready',
  'starting',
  'working',
  'restarting',
  'success',
  'failure',
  'refusal',
  'blocked',
  'questions',
  'config-faults',
  'command-refused',
  'reminder',
  'expired',
  'plan-void',
  'rejected',
  'cancelled',
  'held',
  'receipt',
  'restored',
  'rollback-failed',
] as const
export type MessageName = (typeof MESSAGE_NAMES)[number]

const Login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/, {
  error: 'must be a GitHub login without @; a bot is named with its ending, as in renovate[bot]',
})
const Team = z.string().regex(/^([A-Za-z0-9][A-Za-z0-9-]{0,38}\/)?[a-z0-9][a-z0-9_.-]{0,99}$/, {
  error: 'must be the slug of a team, such as release-managers or my-org/release-managers, without @',
})
const Level = z.enum(['read', 'triage', 'write', 'maintain', 'admin'])
const Url = z
  .string()
  .regex(/^https?:\/\/[^\s/?#]+\S*$/, { error: 'must be an address that starts with http:// or https://' })
  .max(2_000)
const Status = z.int().min(100, { error: 'must be an HTTP status' }).max(599, { error: 'must be an HTTP status' })
const EnvName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: 'must be the name of a variable' })
const Host = z.string().regex(/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:\d{1,5})?$/, {
  error: 'must be the name of a host, such as api.openai.com, localhost:8080 or *.example.com',
})

/** `auto`, an empty list for none, or the names of check runs. */
export type ChecksSetting = 'auto' | string[]
const Checks = z.unknown().transform((value, context): ChecksSetting => {
  if (value === 'auto') return 'auto'
  const names = z.array(Text.max(200)).max(200).safeParse(value)
  if (names.success) return [...new Set(names.data)]
  context.addIssue({ code: 'custom', message: 'must be auto, or a list of names of check runs ([] for none)' })
  return z.NEVER
})

const Patch = z.strictObject({ use: z.literal('patch') })
const Recipe = z.strictObject({
  use: z.literal('recipe'),
  name: Name,
  run: Argv,
  network: list(Host),
  timeout: Duration.prefault('5m'),
})
const CommandAgent = z.strictObject({
  use: z.literal('command'),
  name: Name,
  run: Argv,
  network: list(Host),
  env: list(EnvName),
  timeout: Duration.prefault('20m'),
})
export type CommandSetting = z.output<typeof CommandAgent>
const Human = z.strictObject({ use: z.literal('human'), timeout: Duration.prefault('7d') })
const AgentSetting = z.discriminatedUnion('use', [Patch, Recipe, Model, CommandAgent, Human], {
  error: 'must say what it uses: patch, recipe, model, command or human',
})
export type AgentSetting = z.output<typeof AgentSetting>

const Service = z.strictObject({ url: Url, expect: Status.default(200), within: Duration.prefault('10s') })

const Probe = z.strictObject({
  name: Text.max(100).nullable().default(null),
  url: Url.nullable().default(null),
  run: Argv.nullable().default(null),
  expect: Status.default(200),
  within: Duration.prefault('2s'),
  interval: Duration.prefault('15s'),
})

/** GitHub reads CODEOWNERS in three places. */
const PROTECTED = ['.github/workflows/**', '.github/pawl.yml', 'CODEOWNERS', '.github/CODEOWNERS', 'docs/CODEOWNERS']

const Round = {
  checks: Checks.default('auto'),
  appears: Duration.prefault('5m'),
  timeout: Duration.prefault('60m'),
  retries: whole(0, 10).default(1),
}

const Process = z.strictObject({
  prepare: Argv.nullable().default(null),
  run: Argv,
  variable: EnvName.default('PORT'),
  health: z
    .string()
    .regex(/^\/\S*$/, { error: 'must be a path that starts with /' })
    .default('/health'),
  ready: Duration.prefault('10s'),
  stop: Duration.prefault('10s'),
  address: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, { error: 'must be an address of this host, such as 127.0.0.1' })
    .default('127.0.0.1'),
  port: whole(0, 65_535).default(8080),
  env: z.record(EnvName, z.string().max(10_000)).default({}),
})
export type ProcessSetting = z.output<typeof Process>

const Deploy = z.strictObject({
  via: z.enum(['deployment', 'workflow', 'release', 'process', 'none']).default('deployment'),
  environment: Text.max(255).default('production'),
  timeout: Duration.prefault('30m'),
  workflow: z
    .strictObject({
      file: z.string().regex(/^[A-Za-z0-9._-]+\.ya?ml$/, { error: 'must be the name of a file in .github/workflows' }),
      inputs: z.record(EnvName, z.string().max(1_000)).default({}),
    })
    .nullable()
    .default(null),
  release: z.strictObject({ tag: Text.max(200).default('pawl-{codename}') }).prefault({}),
  process: Process.nullable().default(null),
})

/** `.github/pawl.yml` after YAML: what people write on the left, with durations in ms, sizes in bytes, percentages as fractions. */
export const ConfigSchema = z.strictObject({
  label: z
    .string()
    .regex(/^[^,\s\p{Cc}](?:[^,\p{Cc}]{0,40}[^,\s\p{Cc}])?$/u, {
      error: 'must be a label of at most 42 characters without commas, and without blanks around it',
    })
    .default('pawl'),
  authorised: z
    .strictObject({ permission: Level.default('write'), users: list(Login), teams: list(Team) })
    .prefault({}),
  approval: z
    .strictObject({
      permission: Level.optional(),
      users: z.array(Login).max(200).optional(),
      teams: z.array(Team).max(200).optional(),
      requester: z.boolean().default(true),
      count: z
        .strictObject({
          low: whole(1, 10).default(1),
          medium: whole(1, 10).default(1),
          high: whole(1, 10).default(2),
        })
        .prefault({}),
      expires: Duration.prefault('7d'),
      remind: Duration.prefault('3d'),
    })
    .prefault({}),
  queue: z
    .strictObject({ slots: whole(1, 1_000).default(10), onFailure: z.enum(['clear', 'keep']).default('clear') })
    .prefault({}),
  preflight: z
    .strictObject({
      checks: z.boolean().default(true),
      services: list(Service),
      memory: Size.prefault('256MB'),
      disk: Size.prefault('1GB'),
    })
    .prefault({}),
  agents: z
    .array(AgentSetting)
    .min(1, { error: 'must list at least one agent' })
    .max(50)
    .prefault([{ use: 'patch' }]),
  planner: Planner.prefault({ use: 'rules' }),
  protected: z.array(Glob).max(200).default(PROTECTED),
  deviation: z.enum(['stop', 'approve']).default('stop'),
  limits: z.strictObject({ file: Size.prefault('5MB') }).prefault({}),
  validation: z
    .strictObject({
      round1: z.strictObject({ ...Round, fixes: whole(0, 10).default(2) }).prefault({}),
      round2: z.strictObject(Round).prefault({}),
      reviewers: z.array(z.enum(REVIEWERS)).default([...USUAL_REVIEWERS]),
      review: Review.nullable().default(null),
    })
    .prefault({}),
  risk: Risk,
  merge: z.strictObject({ method: z.enum(['squash', 'merge', 'rebase']).default('squash') }).prefault({}),
  deploy: Deploy.prefault({}),
  health: z
    .strictObject({
      probes: list(Probe),
      soak: Duration.prefault('10m'),
      margin: Percentage.prefault('20%'),
      failures: whole(1, 100).default(3),
      inconclusive: z.enum(['hold', 'pass', 'rollback']).default('hold'),
    })
    .prefault({}),
  rollback: z.strictObject({ branch: z.enum(['direct', 'pull-request']).default('direct') }).prefault({}),
  triggers: z
    .strictObject({
      'default-branch-red': off(false),
      'probe-failed': off(false),
      dependabot: off('off'),
      schedule: z
        .unknown()
        .refine((value) => Array.isArray(value) && value.length === 0, { error: triggerFault('[]') })
        .default([]),
    })
    .prefault({}),
  theme: z.enum(THEMES).default('plain'),
  messages: z.partialRecord(z.enum(MESSAGE_NAMES), Text).default({}),
})

/** What the schema gives; `Config` is this with everything that depends on another key settled. */
export type Settings = z.output<typeof ConfigSchema>

/** Who may do a thing: anyone with the permission, or named, or in a team. Logins and teams in small letters. */
export type Gatekeepers = { permission: z.output<typeof Level>; users: string[]; teams: string[] }

type ProbeCommon = { name: string; within: number; interval: number }
export type ProbeSetting =
  | ({ kind: 'http'; url: string; expect: number } & ProbeCommon)
  | ({ kind: 'command'; run: string[] } & ProbeCommon)

/** The whole configuration of a repository: durations in ms, sizes in bytes, percentages as fractions, nothing left open. */
export type Config = Omit<Settings, 'authorised' | 'approval' | 'health' | 'triggers'> & {
  authorised: Gatekeepers
  /** Who may approve: what `approval` leaves out is taken from `authorised`. */
  approval: Gatekeepers & Omit<Settings['approval'], keyof Gatekeepers>
  health: Omit<Settings['health'], 'probes'> & { probes: ProbeSetting[] }
}

function triggerFault(value: string) {
  return `automated triggers are not available in this version: leave the key out, or write ${value}`
}

function off<T extends boolean | string>(value: T) {
  return z.literal(value, { error: triggerFault(String(value)) }).default(value as never)
}
