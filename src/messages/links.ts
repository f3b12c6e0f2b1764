import { link } from './escape.ts'

/** Where the things of an update are found; what is not there yet is left out. Addresses are absolute. */
export type Links = {
  plan?: string
  pull?: { number: number; url: string }
  deployment?: string
  /** The update's page in the app. */
  page?: string
}

/** The links in one line, `null` when there are none. */
export function linkLine(links: Links): string | null {
  const shown = [
    links.plan === undefined ? null : link('plan', links.plan),
    links.pull === undefined ? null : link(`pull request ${links.pull.number}`, links.pull.url),
    links.deployment === undefined ? null : link('deployment', links.deployment),
    links.page === undefined ? null : link('live page', links.page),
  ].filter((each) => each !== null)
  return shown.length === 0 ? null : shown.join(' · ')
}
