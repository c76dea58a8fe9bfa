/** Result of a count of the store: all files, and those that belong to nothing. */
export interface StoreFindings {
  readonly stored: number
  readonly orphans: number
}

/** Files that may be cleared regardless of their share of the store: the leftovers of one or two crashed uploads. */
const ALWAYS_ALLOWED = 6

/**
 * Returns whether more files belong to nothing than crashes explain: then the database may be the wrong one, or an older one, and
 * a person must confirm.
 */
export const isTooMany = (
  { stored, orphans }: StoreFindings,
  { files, percent }: { readonly files: number; readonly percent: number },
): boolean => orphans > files || (orphans > ALWAYS_ALLOWED && orphans * 100 > stored * percent)
