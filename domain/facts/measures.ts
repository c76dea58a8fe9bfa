/** How a phone went, in the order in which the tables tell it. */
export const KINDS = ['robbed', 'snatched', 'stolen', 'lost'] as const

/**
 * What is counted of a month. Reports of a kind stand apart by whether the phone was blocked in time, so that both parts
 * add up to the reports; the others are what happened in the month, whenever the report was.
 */
export const REPORTS = KINDS.flatMap((kind) => [`${kind}_blocked`, `${kind}_open`] as const)
export const EVENTS = ['verified', 'blocked', 'recovered', 'wrong'] as const
export type Measure = (typeof REPORTS)[number] | (typeof EVENTS)[number]

/** How a month's people are split into rows: by the police area of the case, or by the hour of the incident. */
export const SPLITS = { area: [...REPORTS, ...EVENTS], hour: REPORTS } as const satisfies Record<
  string,
  readonly Measure[]
>
export type Split = keyof typeof SPLITS

/** `00` to `23`. */
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
