import { z } from 'zod'

/** A carrier's report that an IMEI is in several phones. */
export interface SharedWord {
  readonly carrierId: string
  readonly imei: string
  /** The carrier reported it with its own key; nobody copied it from a letter. */
  readonly own: boolean
  readonly state: 'open' | 'waiting' | 'dismissed' | 'kept' | 'taken_back'
}

/** The decisions of two people of the relay on waiting reports: let them count, or dismiss them. */
export const SHARED_VERDICTS = ['count', 'dismiss'] as const

/** A request to decide on a carrier's waiting reports: `words` is their number, `note` names the person whom the asker called. */
export const sharedWordsVerdict = z.object({
  carrierId: z.string(),
  verdict: z.enum(SHARED_VERDICTS),
  note: z.string(),
  words: z.int(),
})
export const sharedWordsSubject = (carrierId: string): string => `shared_words:${carrierId}`

const counts = ({ state }: SharedWord): boolean => state === 'open' || state === 'kept'

export const isSaid = (words: readonly SharedWord[]): boolean => words.some(({ state }) => state === 'open')

/**
 * Checks whether two carriers report the same IMEI, each by itself. A report copied from a letter does not count: the same person
 * of the relay could enter both.
 */
export const carriersAgree = (words: readonly SharedWord[]): boolean =>
  words.some(
    (one) =>
      one.own &&
      one.state === 'open' &&
      words.some(
        (other) => other.own && counts(other) && other.imei === one.imei && other.carrierId !== one.carrierId,
      ),
  )

/** The orders that one carrier may report before its further reports wait for the relay. */
export const SHARED_BOUNDS = { ordersADay: 5, percentOfMonth: 2 } as const

/** A carrier's reported orders, this one included, of a day and of 30 days; and all its block orders of 30 days. */
export interface SharedLoad {
  readonly day: number
  readonly month: number
  readonly orders: number
}

/**
 * Checks whether a carrier reports more than is likely: more than 5 orders a day, or more than 2 % of its orders of 30 days. Up
 * to 5 orders in 30 days are too few for a percentage.
 */
export const isOverShared = ({ day, month, orders }: SharedLoad): boolean =>
  day > SHARED_BOUNDS.ordersADay ||
  (month > SHARED_BOUNDS.ordersADay && month * 100 > SHARED_BOUNDS.percentOfMonth * orders)
