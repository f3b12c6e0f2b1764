import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Limits } from './limits.ts'
import { RUNTIME, showRuntime } from './runtime.ts'

/** The workspace's place in the sandbox. */
const WORKSPACE = '/repo'

/** All that a command finds in its environment besides what it is given. `PWD` is bubblewrap's. */
export const ENVIRONMENT: Record<string, string> = {
  PATH: `${RUNTIME}/bin:/usr/local/bin:/usr/bin:/bin`,
  HOME: '/tmp/home',
  LANG: 'C.UTF-8',
  NO_UPDATE_NOTIFIER: '1',
}

/**
 * What of /proc belongs to the kernel and not to a namespace. It asks for no capability but only for the account: to code of a
 * host that runs this as root it would be open, and with `core_pattern` the host itself.
 */
const KERNEL = ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus', '/proc/fs', '/proc/scsi', '/proc/acpi']

export type Jail = {
  workspace: string
  env: Record<string, string>
  limits: Limits
  /** `host` for a service, which must be reached from outside. */
  network: 'none' | 'host'
  /** Further arguments that show something. */
  more?: string[]
}

export type JailArguments = { ok: true; args: string[] } | { ok: false; reason: string }

/**
 * Arguments of bubblewrap (1) 0.8: new namespaces of every kind, no capabilities, the system read-only, a workspace that can be
 * written and whose `.git` cannot be seen, an environment of its own. Made anew for each run, because the host may change.
 */
export function jailArguments({ workspace, env, limits, network, more = [] }: Jail): JailArguments {
  const place = whereIs(workspace)
  if (typeof place === 'string') return { ok: false, reason: place }
  const bad = Object.entries(env).find(([name, value]) => !/^[A-Za-z_]\w*$/.test(name) || value.includes('\0'))
  if (bad) return { ok: false, reason: `the variable ${JSON.stringify(bad[0])} cannot be set` }
  const size = ['--size', String(limits.temporary)]
  return {
    ok: true,
    args: [
      ['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
      network === 'none' ? ['--unshare-net'] : [],
      ['--disable-userns', '--uid', '1000', '--gid', '1000', '--cap-drop', 'ALL', '--hostname', 'sandbox'],
      ['--new-session', '--die-with-parent'],
      showSystem(),
      showEtc(network),
      showRuntime(),
      more,
      ['--proc', '/proc', ...KERNEL.flatMap((path) => ['--ro-bind-try', path, path]), '--dev', '/dev'],
      [...size, '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
      [...size, '--tmpfs', '/tmp', '--dir', '/tmp/home'],
      ['--bind', place.path, WORKSPACE, ...place.hidden, '--remount-ro', '/', '--chdir', WORKSPACE, '--clearenv'],
      Object.entries({ ...ENVIRONMENT, ...env }).flatMap(([name, value]) => ['--setenv', name, value]),
    ].flat(),
  }
}

/** A mount point cannot be removed or replaced, so the command cannot put another `.git` where the real one is hidden. */
function whereIs(workspace: string): { path: string; hidden: string[] } | string {
  const path = realOrNull(workspace)
  if (path === null || !lstatSync(path).isDirectory()) return `the workspace ${workspace} is not a directory`
  const git = lstatSync(`${path}/.git`, { throwIfNoEntry: false })
  if (git === undefined) return { path, hidden: [] }
  if (git.isFile()) return { path, hidden: ['--ro-bind', '/dev/null', `${WORKSPACE}/.git`] }
  if (!git.isDirectory()) return `.git in the workspace ${workspace} is neither a file nor a directory`
  return { path, hidden: ['--tmpfs', `${WORKSPACE}/.git`, '--remount-ro', `${WORKSPACE}/.git`] }
}

/** `/bin` and the like are links into `/usr` on most systems and directories on some. */
function showSystem(): string[] {
  const shown = ['--ro-bind', '/usr', '/usr']
  for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64']) {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found?.isSymbolicLink()) shown.push('--symlink', readlinkSync(path), path)
    else if (found) shown.push('--ro-bind', path, path)
  }
  return shown
}

/** The host's accounts stay unknown; programs that ask who they are need an answer all the same. */
function showEtc(network: 'none' | 'host'): string[] {
  const own = (name: string) => ['--ro-bind', fileURLToPath(new URL(`etc/${name}`, import.meta.url)), `/etc/${name}`]
  const hosts = (paths: string[]) => paths.flatMap((path) => ['--ro-bind-try', path, path])
  // Not /etc/ssl as a whole: when the host runs this as root, the code in the sandbox can read what only root may read.
  const shared = hosts(['/etc/alternatives', '/etc/ld.so.cache', '/etc/ssl/certs', '/etc/ssl/openssl.cnf'])
  const always = [...own('passwd'), ...own('group'), ...shared]
  if (network === 'none') return [...always, ...own('hosts')]
  return [...always, ...hosts(['/etc/hosts', '/etc/resolv.conf', '/etc/nsswitch.conf'])]
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}
