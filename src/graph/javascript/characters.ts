/** Classes of characters. */
export const letter = 1
export const sign = 2
export const special = 3
/** What the codes below 128 are. Those that are nothing have no place in code, or an unusual one. */
export const classes = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[\w$]/.test(char)) classes[code] = letter
  else if (/[()[\]{};,.:?~^%&|*=@#]/.test(char)) classes[code] = sign
  else if (/["'`/<>!+-]/.test(char)) classes[code] = special
}

/** Behind the word that begins at `start`. */
export function endOfWord(text: string, start: number): number {
  let at = start + 1
  while (classes[text.charCodeAt(at)] === letter) at++
  return at
}
