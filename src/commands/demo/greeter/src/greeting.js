/** What the service says to somebody. */
export function greeting(name) {
  return `Hello, ${name}!`
}
