/** Holds what people do here, counted by what the audit log has of it: never of whom. */
export const EVENTS = {
  report_begun: 'draft.start',
  report_sent: 'case.submit',
  record_imported: 'case.import',
  block_approved: 'case.approve',
  sign_in: 'session.start',
  phone_registered: 'registration.register',
  certificate: 'registration.certify',
  phone_seen: 'case.seen',
  phone_handed_in: 'case.handed_in',
} as const
export type BusinessEvent = keyof typeof EVENTS
export const EVENT_NAMES = Object.keys(EVENTS) as BusinessEvent[]

/** The two ways by which something is done: by people themselves on the site, or by the staff at a desk. */
export const WAYS_TO_ACT = ['citizen', 'staff'] as const
export interface EventCount {
  readonly event: BusinessEvent
  readonly by: (typeof WAYS_TO_ACT)[number]
  readonly count: number
}

/** Returns a count for each event and way, 0 where nothing was: a figure that is missing could not be told from none. */
export const countsOf = (
  rows: readonly {
    readonly act: string
    readonly by: string
    readonly count: number
  }[],
): EventCount[] =>
  EVENT_NAMES.flatMap((event) =>
    WAYS_TO_ACT.map((by) => ({
      event,
      by,
      count: rows
        .filter((row) => row.act === EVENTS[event] && (row.by === 'staff' ? 'staff' : 'citizen') === by)
        .reduce((sum, { count }) => sum + count, 0),
    })),
  )
