/** Queries the run's one snapshot, so that data and log are from the same moment. */
export type Read = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

export interface DataCheckRun {
  readonly read: Read
  /** Only what entries after this id mention is compared; null: everything. */
  readonly since: string | null
  /** Reports one fault in one line: what is wrong, and which entry differs. Never personal data. */
  readonly fault: (line: string) => void
  /** Reports what could not be compared, and why. Not a fault. */
  readonly note: (line: string) => void
}

/** Compares one kind of data with the entries that mention it. */
export interface DataCheck {
  /** A word or two for the output: `cases`, `book lines`. */
  readonly name: string
  /** Returns how many things were compared. */
  readonly run: (of: DataCheckRun) => Promise<number>
}

export interface DataReport {
  readonly held: readonly { readonly name: string; readonly count: number }[]
  readonly faults: readonly string[]
  readonly notes: readonly string[]
}

/** Faults listed per check; the rest are only counted. */
export const MOST_FAULTS = 200

/** The data that the log does not record, so that no check finds its changes. Listed with each run, and in docs/security.md. */
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
