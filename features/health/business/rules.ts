/** Business events and their acts in the audit log, where they are counted, without people. */
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

/** By citizens on the site, or by the staff at a desk. */
export const WAYS_TO_ACT = ['citizen', 'staff'] as const
export interface EventCount {
  readonly event: BusinessEvent
  readonly by: (typeof WAYS_TO_ACT)[number]
  readonly count: number
}

/** Returns a count for each event and way, also the zeros: a missing figure could mean a fault. */
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
