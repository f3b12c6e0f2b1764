import type { Annotation } from './contract.ts'
import type { JobRuntime } from './job-runtime.ts'
import { parseCommand } from './workflow-command.ts'
import type { WorkflowCommand } from './workflow-command.ts'

/** GitHub keeps this many annotations of each level of a step. */
const annotationsPerStep = 10

/** Reads what a step prints: commands are carried out, the rest goes to the log. */
export interface StepOutput {
  onLine: (line: string) => void
  /** Writes an error to the log and to the job's annotations. */
  fail: (message: string) => void
  /** What `::set-output` set. */
  outputs: Record<string, string>
  /** Why the step fails whatever its exit code, else null. */
  fault: () => string | null
}

/** The output of step `number` of a job. */
export function createStepOutput(job: JobRuntime, number: number): StepOutput {
  const outputs: Record<string, string> = {}
  const counts = { notice: 0, warning: 0, failure: 0 }
  let stopToken: string | null = null
  let fault: string | null = null
  const write = (text: string) => job.log.write(number, text)
  const annotate = (level: Annotation['level'], command: Pick<WorkflowCommand, 'properties' | 'message'>) => {
    write(`##[${level === 'failure' ? 'error' : level}]${command.message}`)
    counts[level] += 1
    if (counts[level] <= annotationsPerStep) job.state.annotations.push(annotation(job, level, command))
  }
  const disabled = (name: string, file: string) => {
    fault = `The \`${name}\` command is disabled. Write to the file that ${file} names instead.`
  }
  const commands: Record<string, (command: WorkflowCommand) => void> = {
    error: (command) => annotate('failure', command),
    warning: (command) => annotate('warning', command),
    notice: (command) => annotate('notice', command),
    'add-mask': (command) => job.masks.add(command.message),
    group: (command) => write(`##[group]${command.message}`),
    endgroup: () => write('##[endgroup]'),
    'set-output': ({ properties, message }) => {
      if (properties['name'] !== undefined) outputs[properties['name']] = message
    },
    'stop-commands': (command) => {
      stopToken = command.message.toLowerCase()
    },
    'set-env': () => disabled('set-env', 'GITHUB_ENV'),
    'add-path': () => disabled('add-path', 'GITHUB_PATH'),
    'save-state': () => {},
    debug: () => {},
    echo: () => {},
    'add-matcher': () => {},
    'remove-matcher': () => {},
  }
  return {
    outputs,
    fault: () => fault,
    fail: (message) => annotate('failure', { properties: {}, message }),
    onLine(line) {
      const command = parseCommand(line)
      if (command === null) return write(line)
      if (stopToken !== null) {
        if (command.name !== stopToken) return write(line)
        stopToken = null
        return
      }
      const act = Object.hasOwn(commands, command.name) ? commands[command.name] : undefined
      if (act === undefined) write(line)
      else act(command)
    },
  }
}

function annotation(
  job: JobRuntime,
  level: Annotation['level'],
  { properties, message }: Pick<WorkflowCommand, 'properties' | 'message'>,
): Annotation {
  const inside = `${job.folder.workspace}/`
  const { file } = properties
  const startLine = lineNumber(properties['line']) ?? 1
  const startColumn = lineNumber(properties['col'])
  const endColumn = lineNumber(properties['endcolumn'])
  const { title } = properties
  return {
    path: file === undefined ? '.github' : file.startsWith(inside) ? file.slice(inside.length) : file,
    startLine,
    endLine: lineNumber(properties['endline']) ?? startLine,
    ...(startColumn === undefined ? {} : { startColumn }),
    ...(endColumn === undefined ? {} : { endColumn }),
    level,
    ...(title === undefined ? {} : { title: job.masks.apply(title) }),
    message: job.masks.apply(message),
  }
}

function lineNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}
