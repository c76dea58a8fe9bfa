/** Asks the database within the one snapshot that a run reads: what is held and the log are of one moment. */
export type Read = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

export interface DataCheckRun {
  readonly read: Read
  /** The id of the last entry that is not read again: what no later entry speaks of need not be compared. Null: all. */
  readonly since: string | null
  /** Tells of one fault, as one line: what is wrong, of what, and which entry says otherwise. Never anything personal. */
  readonly fault: (line: string) => void
  /** Tells what could not be compared, and why: no fault. */
  readonly note: (line: string) => void
}

/** Holds one kind of data against the entries of the log that speak of it. */
export interface DataCheck {
  /** Names what it compares, in a word or two for the output: `cases`, `book lines`. */
  readonly name: string
  /** Compares, and returns how many things it held against the log. */
  readonly run: (of: DataCheckRun) => Promise<number>
}

/** Holds what one run found. */
export interface DataReport {
  readonly held: readonly { readonly name: string; readonly count: number }[]
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

/** The most faults of one check that are listed; the rest are counted. */
export const MOST_FAULTS = 200

/** Names what the log says nothing of, so that a change of it is seen by no check: told with each run, and in docs/security.md. */
export const NOT_HELD = {
  answers:
    'what one person answered in the survey: no entry may say it. Of answers in the figures, a changed or missing one is found by the sums; two that are exchanged, and an option that is added, are not. Nor is a change of an answer that waits, is kept out, or has another of its network before it; of the day, procedure and channel of any, and the figures by them; of answers and figures of kiosks and invitations',
  comments:
    'comments of the survey that nobody has answered: they are no act of the staff, and are forgotten after a time',
  messages:
    'messages that were sent, devices that are told of them, sessions, drafts, counters, and what the worker works out anew by itself',
  others:
    'registered and found phones, imports; letters, questions to carriers, alerts to banks, recoveries, loans and holds beside a case; settings of carriers, banks and kiosks: their entries say what was done, not what is left',
} as const
