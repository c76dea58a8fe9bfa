/** The ways in which phones were lost, in the order of the tables. */
export const KINDS = ['robbed', 'snatched', 'stolen', 'lost'] as const
export type Kind = (typeof KINDS)[number]

/**
 * The measures of a month, each a column that is rounded by itself: reports of each kind, all reports, and reports
 * whose phone was blocked in time; then events of the month, whenever the report was.
 */
export const REPORTS = [...KINDS, 'reported'] as const
export const EVENTS = ['verified', 'blocked', 'recovered', 'wrong'] as const
export type Measure = (typeof REPORTS)[number] | 'in_time' | (typeof EVENTS)[number]

/** The ways in which a month's people are split into rows: by the police area of the case, or by the hour of the incident. */
export const SPLITS = { area: [...REPORTS, 'in_time', ...EVENTS], hour: REPORTS } as const satisfies Record<
  string,
  readonly Measure[]
>
export type Split = keyof typeof SPLITS

/** `00` to `23`. */
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
