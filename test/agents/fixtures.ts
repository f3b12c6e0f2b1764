import type { AgentTask } from '../../src/agents/agent.ts'
import type { TaskSource } from '../../src/model.ts'

export function agentTask(source: TaskSource): AgentTask {
  return {
    codename: 'brave-otter',
    title: { text: 'A change', trust: 'maintainer' },
    body: { text: '', trust: 'maintainer' },
    task: { id: 1, title: 'A change', source },
    mayTouch: [],
    excluded: [],
  }
}
