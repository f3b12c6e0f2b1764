import type { Certificate } from '../model.ts'
import type { Words } from './words.ts'


export function certificateSection(certificate: Certificate): string {
  throw new Error('not written yet')
}

export function renderCertificate(certificate: Certificate, words: Words): string {
  throw new Error('not written yet')
}
