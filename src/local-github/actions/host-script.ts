/**
 * The process that leads a job's process group. It reads the paths of step scripts from its standard input, runs each in
 * the background, and says on its output how it ended. Its standard input closes when the runner's process dies, however
 * it dies: then it kills everything of the job and itself. `end` ends it in good order, and nothing is left either.
 *
 * Arguments: the marker that its own lines begin with, and the job's random id.
 */
export const hostScript = `
marker=$1
id=$2
trap : INT TERM HUP
# Steps get a true pipe: what the runner passes is a socket, on which /dev/stderr cannot be opened.
exec 3>&1
exec > >(trap '' INT TERM HUP; exec cat >&3) 2>&1 3>&-
cat=$!
exec 3>&-

run() {
  trap : INT TERM HUP
  # A background job of a shell ignores SIGINT; the step must not.
  ( trap - INT QUIT TERM HUP; exec bash --noprofile --norc "$1" "$marker" 2>&4 4>&- ) 4>&2 2>/dev/null
  printf '%s end %s\\n' "$marker" "$?"
}

reason=death
while :; do
  if IFS= read -r line; then
    if [ "$line" = end ]; then reason=end; break; fi
    run "$line" </dev/null &
  else
    # Above 128 a signal came in between, such as a step's own \`kill 0\`.
    [ $? -gt 128 ] || break
  fi
done

if [ "$reason" = death ]; then
  # Nobody reads any more what is written, and a write would be the end.
  exec >/dev/null 2>&1
  { grep -lsF -- "$id" /proc/[0-9]*/environ; find /proc/[0-9]*/cwd -maxdepth 0 -lname "*$id*"; } 2>/dev/null |
    while IFS=/ read -r _ _ process _; do kill -KILL "$process" 2>/dev/null; done
else
  exec >&- 2>&-
  wait "$cat"
fi
kill -KILL 0
`
