import { expect, test } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'

/** `line:column path: message → remedy` for each fault. */
function faultsIn(text: string): string[] {
  const parsed = parseConfig(text)
  if (parsed.ok) return []
  return parsed.faults.map(
    ({ line, column, path, message, remedy }) => `${line}:${column} ${path}: ${message} → ${remedy}`,
  )
}

test('PRE-9 every fault is told at once, in the order of the file, each with its line and remedy', () => {
  const text = `label: "a,b"
queue:
  slots: many
  onfailure: clear
health:
  soak: 10
  probes:
    - url: ftp://example.org
theme: plian
`
  expect(faultsIn(text)).toEqual([
    expect.stringMatching(/^1:8 label: must be a label of at most 42 characters without commas.* → ./),
    expect.stringMatching(/^3:10 queue\.slots: must be a whole number from 1 to 1000 → ./),
    '4:3 queue.onfailure: onfailure is not a setting here → did you mean onFailure?',
    expect.stringMatching(/^6:9 health\.soak: must be a duration such as 15s, 10m or 7d.* → ./),
    expect.stringMatching(/^8:12 health\.probes\[0\]\.url: must be an address that starts with http:.* → ./),
    '9:8 theme: plian is none of the possible values → did you mean plain?',
  ])
})

test.each([
  // Unknown keys, with help where a known one is near.
  ['lable: x', '1:1 lable: lable is not a setting here → did you mean label?'],
  ['approval: { count: { hihg: 2 } }', '1:22 approval.count.hihg: hihg is not a setting here → did you mean high?'],
  ['queue: { zzz: 1 }', '1:10 queue.zzz: zzz is not a setting here → possible here: slots, onFailure'],
  ['messages: { succes: x }', '1:13 messages.succes: succes is not a setting here → did you mean success?'],
  [
    'agents: [{ use: recipe, name: a, run: [x], netwrok: [] }]',
    '1:44 agents[0].netwrok: netwrok is not a setting here → did you mean network?',
  ],
  ['agents: [{ use: patch, name: x }]', '1:24 agents[0].name: name is not a setting here → possible here: use'],
  [
    'agents: [{ use: ptach }]',
    '1:17 agents[0].use: must say what it uses: patch, recipe, model, command or human → did you mean patch?',
  ],
  ['constructor: x', /^1:1 constructor: constructor is not a setting here/],
  ['__proto__: { label: x }', /^1:1 __proto__: __proto__ is not a setting here/],
  ['<<: { label: x }', /^1:1 <<: << is not a setting here/],
  // Values of another kind.
  [
    'just a text',
    '1:1 : just a text is not a section of keys → docs/configuration.md lists every key with its default',
  ],
  ['[1, 2]', /^1:1 : a list is not a section of keys/],
  ['queue: 3', /^1:8 queue: 3 is not a section of keys/],
  ['agents: patch', /^1:9 agents: patch is not a list/],
  ['label: 12', '1:8 label: 12 is not a text → write it in quotes'],
  ['preflight: { checks: "yes" }', /^1:22 preflight.checks: yes is not true or false/],
  ['agents: [{ use: recipe, name: x }]', /^1:10 agents\[0\]\.run: this key is needed and is not there/],
  ['agents: [null]', /^1:10 agents\[0\]: must say what it uses/],
  ['agents: []', /^1:9 agents: must list at least one agent/],
  ['messages: { success: "" }', /^1:22 messages\.success: must not be empty/],
  ['merge: { method: sqash }', '1:18 merge.method: sqash is none of the possible values → did you mean squash?'],
  ['deviation: true', '1:12 deviation: true is none of the possible values → possible here: stop, approve'],
  ['validation: { reviewers: [secret] }', /^1:27 validation\.reviewers\[0\]: secret .* → did you mean secrets\?/],
  ['validation: { reviewers: [review] }', /^1:27 validation\.reviewers\[0\]: review needs a model/],
  ['validation: { review: { model: "a:b" } }', /^1:23 validation\.review: no reviewer reads this/],
  ['planner: { use: modle }', /^1:17 planner\.use: must say what it uses: rules or model → did you mean model\?/],
  ['planner: { use: model }', /^1:10 planner\.model: this key is needed and is not there/],
  ['planner: { use: rules, model: "a:b" }', /^1:24 planner\.model: model is not a setting here/],
  // Risk rules.
  [
    'risk: { levels: { high: { reviewers: [tests, review] } } }',
    /^1:46 risk\.levels\.high\.reviewers\[1\]: review needs a model/,
  ],
  [
    'risk: { rules: { untestd: off } }',
    '1:18 risk.rules.untestd: untestd is not a setting here → did you mean untested?',
  ],
  [
    'risk: { rules: { untested: never } }',
    '1:28 risk.rules.untested: never is none of the possible values → possible here: off, low, medium, high',
  ],
  [
    'risk: { own: [{ name: untested, level: low, paths: [a] }] }',
    '1:23 risk.own[0].name: untested is a built-in rule → set its level with risk.rules.untested',
  ],
  [
    'risk: { own: [{ name: a, level: low, paths: [a] }, { name: a, level: low, paths: [b] }] }',
    /^1:60 risk\.own\[1\]\.name: a second rule is named a/,
  ],
  [
    'risk: { own: [{ name: a, level: hihg, paths: [a] }] }',
    /hihg is none of the possible values → did you mean high\?/,
  ],
  ['risk: { own: [{ name: a, level: low, paths: [] }] }', /paths: must name at least one path/],
  ['risk: { levels: { high: { reviewers: [depencies] } } }', /depencies .* → did you mean dependencies\?/],
  ['validation: { round1: { checks: all } }', /^1:33 validation\.round1\.checks: must be auto, or a list of names/],
  ['validation: { round1: { fixes: 11 } }', /^1:32 validation\.round1\.fixes: must be at most 10/],
  ['queue: { slots: 0 }', /^1:17 queue\.slots: must be at least 1/],
  ['health: { margin: 20 }', /^1:19 health\.margin: must be a percentage such as 20%/],
  ['preflight: { memory: lots }', /^1:22 preflight\.memory: must be a size such as 256MB/],
  ['preflight: { services: [{ url: "http://x", expect: 99 }] }', /expect: must be an HTTP status/],
  ['authorised: { users: ["@ann"] }', /^1:23 authorised\.users\[0\]: must be a GitHub login without @/],
  ['authorised: { teams: ["a/b/c"] }', /must be the slug of a team/],
  ['authorised: { permission: owner }', /owner is none of the possible values → possible here: read, triage/],
  ['protected: ["/infra"]', /leave out the leading \//],
  ['label: " pawl"', /without blanks around it/],
  ['deploy: { via: workflow, workflow: { file: ../x.yml } }', /must be the name of a file in \.github\/workflows/],
  [
    'deploy: { via: process, process: { run: [x], env: { 1A: x } } }',
    /^1:53 deploy\.process\.env\.1A: must be the name/,
  ],
  ['triggers: { dependabot: high }', /automated triggers are not available in this version/],
  ['triggers: { schedule: [daily] }', /leave the key out, or write \[\]/],
  // Settings that cannot work together.
  ['approval: { remind: 8d }', /^1:21 approval\.remind: the reminder would come after the plan has expired → ./],
  ['agents: [{ use: patch }, { use: patch }]', /^1:26 agents\[1\]: a second agent is named patch → ./],
  ['health: { probes: [{ name: x }] }', /health\.probes\[0\]: a probe asks either an address or a command → ./],
  ['health: { probes: [{ url: "http://x", run: [y] }] }', /a probe asks either an address or a command/],
  ['health: { probes: [{ url: "http://x", within: 20s }] }', /probes\[0\]\.within: the next sample would start before/],
  ['health: { soak: 30s, probes: [{ url: "http://x" }] }', /\.interval: a soak this short has no room for 3 samples/],
  ['deploy: { via: process }', '1:16 deploy.via: via: process needs more → say how under deploy.process'],
  ['deploy: { process: { run: [x] } }', /deploy\.process: only via: process reads this → write via: process/],
  ['deploy: { via: release, release: { tag: v1 } }', /deploy\.release\.tag: every release would have this same tag/],
  // What a settings file has no use for.
  ['a: &x 1\nlabel: *x', '2:8 : *x is an alias → write the value out'],
  ['label: !!js/function x', /^1:8 : .* → write the plain value$/],
  ['label: !foo x', /^1:8 : Unresolved tag: !foo → write the plain value/],
  ['label: a\n---\nlabel: b', /^2:1 : .*multiple documents.* → keep one document/],
  ['label: a\nlabel: b', '2:1 : Map keys must be unique → keep one of them'],
  ['\tlabel: x', /^1:1 : .*Tabs.* → indent with spaces/],
  ['label: "x', /^1:\d+ : .* → ./],
  ['1: x', /^1:1 : this key is not a word → ./],
  ['? [a, b]\n: x', /this key is not a word/],
  ['# '.padEnd(70_000, 'x'), '1:1 : the file is larger than 64 KB → keep only settings in it'],
])('%j is refused', (text, expected) => {
  const fits = (fault: string) => (typeof expected === 'string' ? fault === expected : expected.test(fault))
  expect(faultsIn(text).map((fault) => (fits(fault) ? expected : fault))).toContainEqual(expected)
})

test.each(['[', '{ a: ', '- ', '? ', '- ? '])(
  '%j nested by the thousand is one fault, and the process lives',
  (nest) => {
    for (const times of [60, 1_000, 10_000]) {
      expect(faultsIn(nest.repeat(times))).toEqual([
        '1:1 : the file is nested too deeply → write it as in docs/configuration.md',
      ])
    }
  },
)

test('a block nested by the thousand is one fault, and a long list is none', () => {
  const block = Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')
  expect(faultsIn(block)).toEqual([expect.stringContaining('nested too deeply')])
  const listed = Array.from({ length: 150 }, (_, at) => `  - "src/[a-z]${at}/{b,c}"`).join('\n')
  expect(faultsIn(`protected:\n${listed}\n`)).toEqual([])
})
