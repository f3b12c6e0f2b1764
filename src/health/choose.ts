import type { ProbeSetting } from '../config.ts'
import { commandProbe, type ProbeExec } from './command.ts'
import { httpProbe } from './http.ts'
import type { Probe } from './probe.ts'

export function createProbes(settings: ProbeSetting[], exec: ProbeExec): Probe[] {
  return settings.map((setting) => (setting.kind === 'http' ? httpProbe(setting) : commandProbe(setting, exec)))
}
