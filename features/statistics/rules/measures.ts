/** The ways in which phones went, in the order in which the tables tell it. */
export const KINDS = ['robbed', 'snatched', 'stolen', 'lost'] as const
export type Kind = (typeof KINDS)[number]

/**
 * The measures that are counted of a month, each in a column of its own that is rounded by itself: reports of each
 * kind, all reports, those of which the phone was blocked in time; and what happened in the month, whenever the report
 * was.
 */
export const REPORTS = [...KINDS, 'reported'] as const
export const EVENTS = ['verified', 'blocked', 'recovered', 'wrong'] as const
export type Measure = (typeof REPORTS)[number] | 'in_time' | (typeof EVENTS)[number]

/**
 * The ways in which a month's people are split into rows: by the police area of the case, or by the hour of the
 * incident.
 */
export const SPLITS = { area: [...REPORTS, 'in_time', ...EVENTS], hour: REPORTS } as const satisfies Record<
  string,
  readonly Measure[]
>
export type Split = keyof typeof SPLITS

/** `00` to `23`. */
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
