/** Result of a count of the store: all files, and those that belong to nothing. */
export interface StoreFindings {
  readonly stored: number
  readonly orphans: number
}

/** Limits of what one run may clear without a person's confirmation. */
interface SweepLimits {
  readonly files: number
  readonly percent: number
}

/** Files that may be cleared regardless of their share of the store: the leftovers of one or two crashed uploads. */
const ALWAYS_ALLOWED = 6

/** Returns whether more files belong to nothing than crashes explain: then the database may be the wrong one, or an older one. */
export const isTooMany = ({ stored, orphans }: StoreFindings, { files, percent }: SweepLimits): boolean =>
  orphans > files || (orphans > ALWAYS_ALLOWED && orphans * 100 > stored * percent)
