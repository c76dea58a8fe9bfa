import { DAY } from '#lib/time.ts'

/** Signs of unusual answers: many from few networks, many equal ones, many more than usual, many equal ones from kiosks. */
export const FLOW_SIGNS = ['few_networks', 'equal', 'sudden', 'kiosk_equal'] as const
export type FlowSign = (typeof FLOW_SIGNS)[number]

/** Fewer answers than this in a day are never unusual. */
export const FLOW_LEAST = 20
/** This many answers per network are unusual. */
const A_NETWORK = 3
/** Answers are unusual if this share of them is identical. Four of five people do not give the same six answers by chance. */
const ALIKE = 0.8
/** A day is sudden with at least `least` answers and at least `times` as many as on a usual day. */
const SUDDEN = { least: 40, times: 5 }

export interface Alike {
  readonly all: number
  readonly equal: number
}

export interface AgencyDay {
  /** The answers received on the day, including excluded ones. */
  readonly answers: number
  readonly networks: number
  readonly web: Alike
  readonly kiosks: Alike
  /** The average number of answers per day that became public in the months before. */
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

/** Returns a day in whole fives, so that two looks an hour apart do not reveal when one answer came. */
export const writtenFlow = ({ answers, networks, web, kiosks }: AgencyDay) => ({
  answers: Math.floor(answers / FIVE) * FIVE,
  networks: Math.ceil(networks / FIVE) * FIVE,
  equalAnswers: Math.floor(Math.max(web.equal, kiosks.equal) / FIVE) * FIVE,
})

export const FLOW_KEPT = 90 * DAY
