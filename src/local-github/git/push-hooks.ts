import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'

import type { RefChange } from './contract.ts'

/*
 * Both hooks talk to the server over descriptor 3, which git hands down from git http-backend to them. They say
 *   `ask <forced> <before> <after> <ref>` a ref, then `asked`, and wait for `say <text>` lines and a `yes` or `no`;
 *   `moved <before> <after> <ref>` for each ref that has moved.
 */

const zero = '0'.repeat(40)

// The new objects are in quarantine, where only git inside this hook sees them.
const preReceive = `#!/bin/sh
while read -r before after ref; do
  forced=no
  if [ "$before" != ${zero} ] && [ "$after" != ${zero} ]; then
    git merge-base --is-ancestor "$before" "$after" 2>/dev/null || forced=yes
  fi
  echo "ask $forced $before $after $ref" >&3
done
echo asked >&3
while read -r word text <&3; do
  case $word in
    say) printf '%s\\n' "$text" >&2 ;;
    yes) exit 0 ;;
    *) exit 1 ;;
  esac
done
exit 1
`

const postReceive = `#!/bin/sh
exec sed 's/^/moved /' >&3
`

/** Writes the hooks into a folder for `core.hooksPath`; without `asking` pushes are not asked about. */
export async function writeHooks(folder: string, asking: boolean): Promise<void> {
  await mkdir(folder, { recursive: true })
  const preReceiveText = asking ? preReceive : '#!/bin/sh\nexit 0\n'
  await writeFile(join(folder, 'pre-receive'), preReceiveText, { mode: 0o755 })
  await writeFile(join(folder, 'post-receive'), postReceive, { mode: 0o755 })
}

/** One ref of a push that has not been written yet. */
export type ProposedUpdate = RefChange & { forced: boolean }

/**
 * Answers the hooks of one push. `judge` gets all refs at once and answers with the reasons to refuse, or none. The list
 * that is returned grows while refs move and is whole once the channel has closed.
 */
export function answerHooks(channel: Duplex, judge: (updates: ProposedUpdate[]) => Promise<string[]>): RefChange[] {
  const proposed: ProposedUpdate[] = []
  const moved: RefChange[] = []
  // A hook that died cannot hear the answer; git itself reports the push as refused then.
  channel.on('error', () => {})
  createInterface({ input: channel }).on('line', (line) => {
    const [word, ...fields] = line.split(' ')
    if (word === 'ask') proposed.push({ ...change(fields.slice(1)), forced: fields[0] === 'yes' })
    else if (word === 'moved') moved.push(change(fields))
    else void judge(proposed).then((reasons) => channel.write(verdict(reasons)))
  })
  return moved
}

function verdict(reasons: string[]): string {
  const lines = reasons.flatMap((reason) => reason.split('\n')).map((line) => `say ${line}\n`)
  return [...lines, reasons.length === 0 ? 'yes\n' : 'no\n'].join('')
}

function change([before = '', after = '', name = '']: string[]): RefChange {
  return { name, before: before === zero ? null : before, after: after === zero ? null : after }
}
