import { z } from 'zod'
import { PUBLIC_DELAYS } from '#features/lateness/rules.ts'
import { MONTH } from '#features/results/rules.ts'
import type { AnswerOf } from '#lib/answer.ts'

/** The tables that are also given as CSV, one at a time. */
export const TABLE_NAMES = ['areas', 'months', 'hours', 'carriers', 'delays', 'headline'] as const

/** The query of the figures; an unknown table becomes the first. */
export const tableSchema = z.enum(TABLE_NAMES).catch('areas').describe('which table, as CSV')
export type TableName = z.output<typeof tableSchema>

const month = z.string().regex(MONTH)
const fives = (description: string) => z.int().min(0).multipleOf(5).describe(description)
const share = z.number().min(0).max(1).nullable()
const seconds = z.int().min(0).nullable()

const KINDS = {
  robbed: fives('reports of robberies'),
  snatched: fives('reports of snatchings'),
  stolen: fives('reports of thefts'),
  lost: fives('reports of lost phones'),
  reported: fives('all reports, rounded as a column of their own: up to 20 from the four added up'),
}

const FACTS = {
  ...KINDS,
  blockedInTime: fives('of those reported, blocked by every carrier within 14 days of the report'),
  share: share.describe(
    'the true share of those blocked in time in whole hundredths, within half of one of the truth; null where fewer than 100 reports are shown, and for every area',
  ),
  verified: fives('verified in the month, whenever reported'),
  blocked: fives('blocked by every carrier in the month, whenever reported'),
  recovered: fives('unblocked in the month because the phone came back'),
  wrong: fives('unblocked in the month because it should not have been blocked'),
}

const HEADLINE = {
  blockedInTime: fives('the share’s numerator as it is told: within four of the one that the share is from'),
  reported: fives('its denominator as it is told: within four of the one that the share is from'),
  share: share.describe('as of a month, of all these months together'),
}

const CARRIER_TIMES = {
  orders: z.int().min(10).nullable(),
  suppressed: z.boolean().describe('fewer than 10 orders'),
  share: share.describe('of the month’s orders, carried out within 24 hours, in whole hundredths'),
  medianSeconds: seconds.describe('null where half had not been carried out when published'),
  p90Seconds: seconds,
}

const DELAY = {
  days: z
    .int()
    .min(0)
    .multipleOf(5)
    .nullable()
    .describe(
      'days that the oldest one is late, rounded up to fives; 0: nothing is late; null: fewer than 5 are',
    ),
  suppressed: z.boolean().describe('1 to 4 are late: their worst is not told apart from the city’s'),
}

export const FIGURE_COLUMNS = {
  kinds: Object.keys(KINDS) as (keyof typeof KINDS)[],
  facts: Object.keys(FACTS) as (keyof typeof FACTS)[],
  delays: Object.keys(DELAY) as (keyof typeof DELAY)[],
  headline: Object.keys(HEADLINE) as (keyof typeof HEADLINE)[],
  times: Object.keys(CARRIER_TIMES) as (keyof typeof CARRIER_TIMES)[],
}

export const monthFiguresSchema = z
  .object({
    unit: z.literal(5).describe('what every count is a multiple of'),
    headline: z
      .object({ from: month, to: month, ...HEADLINE })
      .nullable()
      .describe('the share at the head of the page: of the last twelve months; null before the first'),
    months: z.array(z.object({ month, ...FACTS })),
    areas: z.array(
      z.object({
        month,
        area: z.string().describe('the police area’s id'),
        name: z.object({ vi: z.string(), en: z.string() }),
        ...FACTS,
      }),
    ),
    hours: z.array(z.object({ hour: z.string().regex(/^\d{2}$/), ...KINDS })),
    hoursOf: z.array(month).describe('the months that the hours are of'),
    delays: z
      .array(z.object({ kind: z.enum(PUBLIC_DELAYS), ...DELAY }))
      .describe('the worst open delay of police when this was asked, of the whole city and by kind'),
    carriers: z.array(z.object({ month, carrier: z.string(), name: z.string(), ...CARRIER_TIMES })),
  })
  .meta({ id: 'Facts' })
export type FiguresAnswer = AnswerOf<typeof monthFiguresSchema>
