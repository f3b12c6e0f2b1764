import type { RequestText } from '../rehearsal/request-file.ts'

const diff = (lines: string) => `\`\`\`diff\n${lines.trim()}\n\`\`\`\n`

/** Passes everything. */
export const good: RequestText = {
  title: 'Greet the world when nobody is named',
  body: `An empty name gives "Hello, !", which reads like a mistake.

${diff(`
diff --git a/src/greeting.js b/src/greeting.js
--- a/src/greeting.js
+++ b/src/greeting.js
@@ -1,4 +1,5 @@
 /** What the service says to somebody. */
 export function greeting(name) {
-  return \`Hello, \${name}!\`
+  const somebody = name.trim() || 'world'
+  return \`Hello, \${somebody}!\`
 }
diff --git a/test/greeting.test.js b/test/greeting.test.js
--- a/test/greeting.test.js
+++ b/test/greeting.test.js
@@ -5,3 +5,7 @@
 test('says hello to somebody', () => {
   assert.match(greeting('Ada'), /^Hello, Ada/)
 })
+
+test('says hello to the world when nobody is named', () => {
+  assert.match(greeting('  '), /^Hello, world/)
+})
`)}`,
}

/** Breaks a test, so round 1 stops it. */
export const breaking: RequestText = {
  title: 'Say goodbye instead',
  body: `Marketing wants something fresher.

${diff(`
diff --git a/src/greeting.js b/src/greeting.js
--- a/src/greeting.js
+++ b/src/greeting.js
@@ -1,5 +1,5 @@
 /** What the service says to somebody. */
 export function greeting(name) {
   const somebody = name.trim() || 'world'
-  return \`Hello, \${somebody}!\`
+  return \`Goodbye, \${somebody}!\`
 }
`)}`,
}

/** Passes both rounds, and falls ill once it has answered for a while: only the soak can see that. */
export const leaking: RequestText = {
  title: 'Count the health checks',
  body: `So that we know how often we are asked.

${diff(`
diff --git a/src/health.js b/src/health.js
--- a/src/health.js
+++ b/src/health.js
@@ -1,4 +1,9 @@
+const asked = []
+
 /** Whether the service can do its work. */
 export function healthy() {
-  return true
+  asked.push(Date.now())
+  // Beyond this the list gets too long to keep.
+  const room = asked.length <= 8
+  return room
 }
`)}`,
}

/** Says in words what is wanted, for a model. */
export const inWords: RequestText = {
  title: 'Greet two people at once',
  body: `\`/hello?name=Ada,Grace\` should answer "Hello, Ada and Grace!". One name is greeted as now.

Change \`src/greeting.js\`, and add a test of it to \`test/greeting.test.js\`.
`,
}

/** Waits behind the one that is rolled back. */
export const waiting: RequestText = {
  title: 'Say in the README what is healthy',
  body: `Operators ask what \`/health\` means.

${diff(`
diff --git a/README.md b/README.md
--- a/README.md
+++ b/README.md
@@ -1,3 +1,5 @@
 # greeter
 
 A small HTTP service. \`npm start\` serves \`GET /hello?name=…\` and \`GET /health\`; \`npm test\` tests it.
+
+\`/health\` answers 200 when the service can do its work, else 503.
`)}`,
}
