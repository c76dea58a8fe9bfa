export interface Pair {
  readonly database: string
  readonly joined: boolean
  readonly evidence: boolean
  readonly store: string | null
  /** While files are moved: whether the other store of this process belongs to the database. */
  readonly beside?: boolean
  /** Whether the store has files, and whether the database has ever known any of those checked. */
  readonly files: 'none' | 'known' | 'strange'
}

type StoreFault = 'other' | 'empty_store' | 'empty_database' | 'strange_files' | 'mark_lost'

/** `joined`: they belong together. `join`: they do, but nothing records it yet, as before the first start. */
export type StoreVerdict = 'joined' | 'join' | StoreFault

export function judgeStore({ database, joined, evidence, store, beside = false, files }: Pair): StoreVerdict {
  if (store !== null) return store === database ? 'joined' : 'other'
  // A store that files will be moved to is empty at first.
  if (files === 'none') return (evidence || joined) && !beside ? 'empty_store' : 'join'
  if (joined) return 'mark_lost'
  if (files === 'known') return 'join'
  return evidence ? 'strange_files' : 'empty_database'
}

const TOGETHER =
  'Give DATA_DIR and DATABASE_URL of one installation. If they are to belong together, as after a restore: npm run storage -- join --reason TEXT'

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

/** Returns why files cannot be moved while these processes run: each has to write to the new store and read both. */
export function sayNotReady(
  processes: readonly {
    readonly kind: string
    readonly version: string
    readonly startedAt: Date
    /** The names of its stores; it writes to the first. */
    readonly stores: readonly string[]
  }[],
  from: string,
  to: string,
): string[] {
  return processes.flatMap(({ kind, version, startedAt, stores }) => {
    const who = `The ${kind} that runs since ${startedAt.toISOString()} (version ${version})`
    if (stores.length === 0) return [`${who} does not say which stores it has: bring it to this version.`]
    if (stores[0] !== to)
      return [`${who} writes to ${stores[0]}: start it with STORAGE_URL of ${to}, as this command.`]
    return stores.includes(from)
      ? []
      : [`${who} does not read ${from}: start it with STORAGE_URL_ALSO, as this command.`]
  })
}

/** Tokens kept in a store: more than are written during one check, or during a replica's lag. */
export const TOKENS_KEPT = 8
