/** The facts known of a database and of a store of evidence, to tell whether they belong together. */
export interface Pair {
  /** The database's installation, and whether a store was ever joined to it. */
  readonly database: string
  readonly joined: boolean
  /** Tells whether the database has evidence. */
  readonly evidence: boolean
  /** The store's installation; null where it has no mark. */
  readonly store: string | null
  /** Tells whether files lie in the store, and whether the database has ever known any of those that were looked at. */
  readonly files: 'none' | 'known' | 'strange'
}

export type StoreFault = 'other' | 'empty_store' | 'empty_database' | 'strange_files' | 'mark_lost'

/** `joined`: they belong together. `join`: they do and neither says so yet, as before the first start. */
export type StoreVerdict = 'joined' | 'join' | StoreFault

/** Judges whether a store of evidence and a database belong together. */
export function judgeStore({ database, joined, evidence, store, files }: Pair): StoreVerdict {
  if (store !== null) return store === database ? 'joined' : 'other'
  if (files === 'none') return evidence || joined ? 'empty_store' : 'join'
  if (joined) return 'mark_lost'
  if (files === 'known') return 'join'
  return evidence ? 'strange_files' : 'empty_database'
}

const TOGETHER =
  'Give DATA_DIR and DATABASE_URL of one installation. If they are to belong together, as after a restore: npm run storage -- join --reason TEXT'

/** Says what is wrong with a pair, and what to do. */
export function sayStoreFault(fault: StoreFault, { database, store }: Pair, place: string): string {
  const said: Readonly<Record<StoreFault, string>> = {
    other: `the store of evidence ${place} belongs to the installation ${store}, the database to ${database}`,
    empty_store: `the store of evidence ${place} is empty, but the database was used with one that is not: its disk may not be mounted`,
    empty_database: `the store of evidence ${place} has files, but the database knows of none: it may be a new or another one`,
    strange_files: `the store of evidence ${place} has files, and the database knows none of them: one of the two is another installation's`,
    mark_lost: `the store of evidence ${place} has files, but its installation-id is gone: it may be another one`,
  }
  return `Storage: ${said[fault]}. ${TOGETHER}`
}
