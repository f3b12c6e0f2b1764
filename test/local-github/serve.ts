import { startLocalGitHub, type LocalGitHubOptions } from '../../src/local-github/server.ts'

/*
 * A local GitHub in a process of its own, so that a test can kill it. Argument: its options as JSON. Prints the URL and a
 * token of octo, whose repository octo/demo it seeds, on one line.
 */
const options = JSON.parse(process.argv[2] ?? '') as LocalGitHubOptions
const github = await startLocalGitHub(options)
await github.addRepository('octo/demo')
await github.install('octo/demo')
process.stdout.write(`${github.apiUrl} ${await github.personalToken('octo')}\n`)
