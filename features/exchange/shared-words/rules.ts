import { z } from 'zod'

/** A carrier's word that an IMEI is in several phones. */
export interface SharedWord {
  readonly carrierId: string
  readonly imei: string
  /** The carrier said it with its own key; nobody copied it from a letter. */
  readonly own: boolean
  readonly state: 'open' | 'waiting' | 'dismissed' | 'kept' | 'taken_back'
}

/** Holds what two people of the relay decide on words that wait: to let them count, or to dismiss them. */
export const SHARED_VERDICTS = ['count', 'dismiss'] as const

/** Holds what is asked of the words of a carrier that wait: `words` is how many they were, `note` whom the asker called. */
export const sharedWordsVerdict = z.object({
  carrierId: z.string(),
  verdict: z.enum(SHARED_VERDICTS),
  note: z.string(),
  words: z.int(),
})
export const sharedWordsSubject = (carrierId: string): string => `shared_words:${carrierId}`

const counts = ({ state }: SharedWord): boolean => state === 'open' || state === 'kept'

/** Tells whether a carrier's word waits for city police: nobody has answered it. */
export const isSaid = (words: readonly SharedWord[]): boolean => words.some(({ state }) => state === 'open')

/**
 * Tells whether two carriers say so of the same IMEI, each by itself. A word that a person of the relay copied from a
 * letter is not one of the two: that person could write for both.
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

/** The most orders of which one carrier may say so before its further words wait for the relay. */
export const SHARED_BOUNDS = { ordersADay: 5, percentOfMonth: 2 } as const

/** The orders of one carrier that were answered so, this one among them, and all its block orders of 30 days. */
export interface SharedLoad {
  readonly day: number
  readonly month: number
  readonly orders: number
}

/**
 * Tells whether a carrier says it more often than is likely: of more than 5 orders a day, or of more than 2 % of its
 * orders of 30 days. A few words are not a share: up to 5 are counted by the day alone.
 */
export const isOverShared = ({ day, month, orders }: SharedLoad): boolean =>
  day > SHARED_BOUNDS.ordersADay ||
  (month > SHARED_BOUNDS.ordersADay && month * 100 > SHARED_BOUNDS.percentOfMonth * orders)
