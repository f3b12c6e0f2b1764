/** What the operator of this host may set for network access; everything else of the host's environment is kept from git. */
const PASSED_ON = [
  'PATH',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
]

/** Settings of every command: nothing that a repository or this host brings along may run a program or change a byte. */
const SETTINGS: Record<string, string> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.untrackedCache': 'false',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.quotePath': 'false',
  // Larger files are hashed in a stream and never compared line by line.
  'core.bigFileThreshold': '16m',
  'submodule.recurse': 'false',
  // What is written here and not pushed yet hangs on no ref, and may wait for people.
  'gc.pruneExpire': '3.months.ago',
  'gc.autoDetach': 'false',
  // A stalled transfer ends by itself.
  'http.lowSpeedLimit': '1000',
  'http.lowSpeedTime': '60',
}

/** The whole environment of a git process, with `settings` besides those that always hold. */
export function gitEnvironment(home: string, settings: Record<string, string> = {}): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  const entries = Object.entries({ ...SETTINGS, ...settings })
  return {
    ...Object.fromEntries(passed),
    // Neither a .netrc nor a .config/git of the account counts.
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:file',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}
