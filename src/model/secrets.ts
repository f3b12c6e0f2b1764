/**
 * Secrets that can be told by their look, also within a sentence: GitHub's tokens ("Behind GitHub's new authentication token
 * formats"), private keys, the password in an address, and the keys of services that give theirs a mark.
 */
const LOOKS_SECRET = [
  /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs,
  /(?<=:\/\/[^\s:/@"]{0,100}:)[^\s@/"]+(?=@)/g,
  /\bsk-[A-Za-z0-9_-]{20,}|\bsk_live_[A-Za-z0-9]{16,}|\bnpm_[A-Za-z0-9]{30,}|\bglpat-[\w-]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}|\bxox[abeoprs]-[\w-]{10,}/g,
]

const CENSOR = '[redacted]'

/** The text with every secret in it that can be told by its look replaced. */
export function withoutSecrets(text: string): string {
  return LOOKS_SECRET.reduce((kept, look) => kept.replace(look, CENSOR), text)
}
