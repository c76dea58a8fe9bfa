import { DAY } from '#lib/time.ts'

/**
 * Holds what may be odd about the answers that come for an agency on one day. `few_networks`: many from few networks. `equal`: many
 * that are alike in every question. `sudden`: many more than usual. `kiosk_equal`: many at its kiosks that are alike.
 */
export const FLOW_SIGNS = ['few_networks', 'equal', 'sudden', 'kiosk_equal'] as const
export type FlowSign = (typeof FLOW_SIGNS)[number]

/** Fewer answers than this in a day are no flow. */
export const FLOW_LEAST = 20
/** So many answers a network are odd. */
const A_NETWORK = 3
/** A flow is odd where this part of it is alike. Six questions that are answered alike by four of five people are no chance. */
const ALIKE = 0.8
/** A day is sudden with so many answers, if those are so many times as many as on a usual day. */
const SUDDEN = { least: 40, times: 5 }

/** Answers about one day, and how many of them are alike in everything. */
export interface Alike {
  readonly all: number
  readonly equal: number
}

export interface AgencyDay {
  /** The answers that came on the day; those that were excluded too. */
  readonly answers: number
  readonly networks: number
  readonly web: Alike
  readonly kiosks: Alike
  /** The answers that became public in the months before, a day. */
  readonly usual: number
}

const isAlike = ({ all, equal }: Alike): boolean => equal >= FLOW_LEAST && equal >= ALIKE * all

export function signsOfFlow({ answers, networks, web, kiosks, usual }: AgencyDay): FlowSign[] {
  const odd: Readonly<Record<FlowSign, boolean>> = {
    few_networks: answers >= FLOW_LEAST && answers >= A_NETWORK * networks,
    equal: isAlike(web),
    sudden: answers >= SUDDEN.least && answers >= SUDDEN.times * usual,
    kiosk_equal: isAlike(kiosks),
  }
  return FLOW_SIGNS.filter((sign) => odd[sign])
}

const FIVE = 5

/**
 * Returns a day as the manager is told it. Answers are rounded down to fives and networks up, so that two looks an hour apart do
 * not say when one answer came.
 */
export const writtenFlow = ({ answers, networks, web, kiosks }: AgencyDay) => ({
  answers: Math.floor(answers / FIVE) * FIVE,
  networks: Math.ceil(networks / FIVE) * FIVE,
  equalAnswers: Math.floor(Math.max(web.equal, kiosks.equal) / FIVE) * FIVE,
})

/** Days that are over are kept for so long. */
export const FLOW_KEPT = 90 * DAY
