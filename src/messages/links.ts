
/** Where the things of an update are found; what is not there yet is left out. Addresses are absolute. */
export type Links = {
  plan?: string
  pull?: { number: number; url: string }
  deployment?: string
  /** The update's page in the app. */
  page?: string
}
