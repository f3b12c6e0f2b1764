import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { scalarText } from './json.ts'
import { runProgram } from './run-program.ts'
import type { StepResult, StepRun } from './step-run.ts'

/*
 * Fetches into a repository whose `origin` is the server's own URL, as the action does, so that a later `git push` goes
 * through the server. This repository's objects come straight from the disk.
 */
const script = `
cd -- "$CHECKOUT_TARGET"
fresh=
if [ -d .git ]; then
  if [ "$CHECKOUT_CLEAN" = true ]; then git clean -ffdx && git reset --hard --quiet || true; fi
  git remote set-url origin "$CHECKOUT_ORIGIN"
  # Of an earlier checkout; two of them would send the header twice.
  git config --local --unset-all "http.$CHECKOUT_SERVER/.extraheader" || true
else
  fresh=true
  [ -z "$(ls -A)" ] || find . -mindepth 1 -delete
  git -c init.defaultBranch=main init --quiet --template=
  printf '[remote "origin"]\\n\\turl = %s\\n\\tfetch = +refs/heads/*:refs/remotes/origin/*\\n' "$CHECKOUT_ORIGIN" >> .git/config
fi

ref=$CHECKOUT_REF
commit=$CHECKOUT_COMMIT
if [ -z "$ref$commit" ]; then
  ref=$(git ls-remote --symref "$CHECKOUT_SOURCE" HEAD | sed -n 's/^ref: \\(.*\\)\\tHEAD$/\\1/p')
elif [ -n "$ref" ] && [[ $ref != refs/* ]]; then
  for kind in heads tags; do
    if git ls-remote --exit-code "$CHECKOUT_SOURCE" "refs/$kind/$ref" >/dev/null; then ref=refs/$kind/$ref; break; fi
  done
fi
case $ref in
  '') tracking=refs/remotes/origin/checkout ;;
  refs/heads/*) tracking=refs/remotes/origin/\${ref#refs/heads/} ;;
  refs/tags/*) tracking=$ref ;;
  refs/*) tracking=refs/remotes/\${ref#refs/} ;;
  *) echo "::error::A branch or tag with the name '$ref' could not be found"; exit 1 ;;
esac

options=(--no-recurse-submodules --no-auto-maintenance --prune)
if [ "$CHECKOUT_TAGS" = true ]; then options+=(--tags); else options+=(--no-tags); fi
refspecs=("+\${commit:-$ref}:$tracking")
if [ "$CHECKOUT_DEPTH" -gt 0 ]; then
  options+=("--depth=$CHECKOUT_DEPTH")
else
  # All branches and tags come anyway, and one of them may be named only once.
  [[ $ref != refs/heads/* && $ref != refs/tags/* ]] || refspecs=($commit)
  refspecs+=('+refs/heads/*:refs/remotes/origin/*' '+refs/tags/*:refs/tags/*')
fi
if [ "$fresh" = true ] && [ -n "$CHECKOUT_OBJECTS" ] && [ -n "$commit" ] && [ "$CHECKOUT_DEPTH" = 1 ] && [ "$CHECKOUT_TAGS" != true ]; then
  # The usual case: one commit that is on this very disk comes out the same without being fetched.
  printf '%s\\n' "$CHECKOUT_OBJECTS" > .git/objects/info/alternates
  printf '%s\\n' "$commit" > .git/shallow
  git update-ref "$tracking" "$commit"
else
  git fetch "\${options[@]}" "$CHECKOUT_SOURCE" "\${refspecs[@]}"
fi

case $ref in
  refs/heads/*)
    git checkout --quiet --force -B "\${ref#refs/heads/}" "$tracking"
    # The branch may have moved on since the event.
    [ -z "$commit" ] || [ "$CHECKOUT_DEPTH" -gt 0 ] || git reset --quiet --hard "$commit" ;;
  *) git checkout --quiet --force --detach "\${commit:-$tracking}" ;;
esac
if [ "$CHECKOUT_SUBMODULES" != false ]; then
  recursive=
  [ "$CHECKOUT_SUBMODULES" != recursive ] || recursive=--recursive
  git submodule sync $recursive && git submodule update --init --force $recursive
fi
if [ -n "$CHECKOUT_HEADER" ]; then
  printf '[http "%s/"]\\n\\textraheader = %s\\n' "$CHECKOUT_SERVER" "$CHECKOUT_HEADER" >> .git/config
fi
git log -1 --format="HEAD is now at %h %s"
printf 'ref=%s\\ncommit=%s\\n' "$ref" "\${commit:-$(git rev-parse HEAD)}" >> "$GITHUB_OUTPUT"
`

const ignored = ['lfs', 'sparse-checkout', 'filter', 'ssh-key']

/** `actions/checkout`: ref, path, repository, token, fetch-depth, fetch-tags, clean, submodules, persist-credentials. */
export async function checkout(run: StepRun, inputs: Record<string, string>): Promise<StepResult> {
  const { job, number } = run
  const { request, folder } = job
  const repository = inputs['repository'] || request.fullName
  const isOwn = repository.toLowerCase() === request.fullName.toLowerCase()
  const target = resolve(folder.workspace, inputs['path'] ?? '.')
  if (target !== folder.workspace && !target.startsWith(`${folder.workspace}/`)) {
    return { error: `Repository path '${target}' is not under '${folder.workspace}'` }
  }
  for (const name of ignored) {
    if ((inputs[name] ?? 'false') !== 'false')
      job.log.write(number, `##[notice]checkout: \`${name}\` has no effect here.`)
  }
  const token = inputs['token'] || job.token
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  job.masks.add(basic)
  const header = `AUTHORIZATION: basic ${basic}`
  await mkdir(target, { recursive: true })
  const file = join(folder.files, `checkout-${number}.sh`)
  await writeFile(file, script)
  const { ref, commit } = wanted(run, inputs['ref'] ?? '', isOwn)
  return runProgram(run, {
    command: ['bash', '--noprofile', '--norc', '-eo', 'pipefail', file],
    cwd: target,
    environment: {
      CHECKOUT_TARGET: target,
      CHECKOUT_ORIGIN: `${request.serverUrl}/${repository}`,
      CHECKOUT_SOURCE: isOwn ? pathToFileURL(request.repository).href : `${request.serverUrl}/${repository}`,
      CHECKOUT_OBJECTS: isOwn ? join(request.repository, 'objects') : '',
      CHECKOUT_SERVER: request.serverUrl,
      CHECKOUT_REF: ref,
      CHECKOUT_COMMIT: commit,
      CHECKOUT_DEPTH: /^\d+$/.test(inputs['fetch-depth'] ?? '') ? (inputs['fetch-depth'] ?? '1') : '1',
      CHECKOUT_TAGS: inputs['fetch-tags'] ?? 'false',
      CHECKOUT_CLEAN: inputs['clean'] ?? 'true',
      CHECKOUT_SUBMODULES: inputs['submodules'] || 'false',
      CHECKOUT_HEADER: inputs['persist-credentials'] === 'false' ? '' : header,
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${request.serverUrl}/.extraheader`,
      GIT_CONFIG_VALUE_0: header,
    },
  })
}

/** What to check out: a sha alone, a ref alone, or both when the event says what the ref was at. */
function wanted({ job }: StepRun, ref: string, isOwn: boolean): { ref: string; commit: string } {
  if (/^[\da-f]{40}$/i.test(ref)) return { ref: '', commit: ref }
  const { github } = job.contexts
  if (ref !== '' || !isOwn) return { ref, commit: '' }
  return { ref: scalarText(github['ref']), commit: scalarText(github['sha']) }
}
