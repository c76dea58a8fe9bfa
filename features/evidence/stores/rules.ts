/**
 * The result of a look through the store: files old enough to be judged, and those among them that belong to nothing.
 */
export interface StoreFindings {
  readonly stored: number
  readonly orphans: number
}

/** The limits of what may be cleared away in one run without a person's word. */
interface SweepLimits {
  readonly files: number
  readonly percent: number
}

/**
 * The number of files that may be cleared away whatever their share of the store is: what crashes leave of one or two
 * uploads.
 */
const ALWAYS_ALLOWED = 6

/** Tells whether more files belong to nothing than crashes explain: then the database may be the wrong one, or an older one. */
export const isTooMany = ({ stored, orphans }: StoreFindings, { files, percent }: SweepLimits): boolean =>
  orphans > files || (orphans > ALWAYS_ALLOWED && orphans * 100 > stored * percent)
