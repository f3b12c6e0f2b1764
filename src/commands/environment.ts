import { existsSync, readFileSync } from 'node:fs'
import { parseEnvironment, type Environment } from '../config/environment.ts'
import type { AppSettings } from '../main.ts'
import { createLog } from '../main/log.ts'
import { UsageError } from './failure.ts'

/** The environment of this process and of `.env`, where the process's own variables win. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env')
  return environmentOf(process.env)
}

function environmentOf(variables: NodeJS.ProcessEnv): Environment {
  const parsed = parseEnvironment(variables)
  if (parsed.ok) return parsed.environment
  const lines = parsed.faults.map(({ name, message, remedy }) => `  ${name} ${message}: ${remedy}`)
  throw new UsageError(`The environment is not right:\n${lines.join('\n')}`)
}

/** The log of a command that tells its story itself: errors only, unless LOG_LEVEL says otherwise. */
export function commandLog(): AppSettings['log'] {
  return createLog(environmentOf({ LOG_LEVEL: process.env['LOG_LEVEL'] || 'error' }).logLevel)
}

/** The settings of the app, its private key read; `null` without credentials. */
export function appSettings(environment: Environment): AppSettings | null {
  const { credentials } = environment
  if (!credentials) return null
  const { appId, privateKey, webhookSecret } = credentials
  const log = createLog(environment.logLevel)
  return { ...environment, credentials: { appId, webhookSecret, privateKey: keyOf(privateKey) }, log }
}

function keyOf(key: { pem: string } | { path: string }): string {
  if ('pem' in key) return key.pem
  try {
    return readFileSync(key.path, 'utf8')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(`PRIVATE_KEY_PATH cannot be read: ${why}. Name the file that GitHub gave you for the app.`)
  }
}
