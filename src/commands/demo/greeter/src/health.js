/** Whether the service can do its work. */
export function healthy() {
  return true
}
