import type { ProcessSetting } from '../../src/config.ts'
import { processDeployer } from '../../src/deploy/process.ts'
import { createSandbox } from '../../src/sandbox/sandbox.ts'
import { checkOut } from './service.ts'

/** A process that deploys and nothing more, for a test to kill. */
const [home = '', setting = '', sha = ''] = process.argv.slice(2)
const services = { sandbox: createSandbox(), checkOut, home, timeout: 10_000 }
await processDeployer(JSON.parse(setting) as ProcessSetting, services).begin({
  codename: 'brave-otter',
  repo: 'o/r',
  sha,
  environment: 'production',
  reason: 'update',
  again: false,
})
