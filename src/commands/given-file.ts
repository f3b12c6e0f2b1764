import { readFile } from 'node:fs/promises'
import { UsageError } from './failure.ts'

/** The text of a file that the user named. */
export async function readGiven(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
