import { type Instant, localDate } from '#domain/time.ts'

/** A month of the city's calendar, `YYYY-MM`. */
export type Month = string & { readonly __brand: 'Month' }

export const monthOf = (at: Instant): Month => localDate(at).slice(0, 7) as Month

/** The month as the database keeps it: the date of its first day. */
export const firstDay = (month: Month): Date => new Date(`${month}-01`)
