import { createHash } from 'node:crypto'

/** 64 hexadecimal digits of a text's SHA-256. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
