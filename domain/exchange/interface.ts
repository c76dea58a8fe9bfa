import { z } from 'zod'
import { ENTRY_OUTCOMES, REJECTION_CODES } from './order.ts'
import { SIM_ANSWERS } from './question.ts'
import { DIFFERENCE_KINDS } from './reconciliation.ts'

/** The bounds of the carrier interface, said to carriers in /api/openapi.json. */
export const LIMITS = {
  /** Lines in one answer to `changes`, or questions in one to `questions`. */
  changes: { default: 100, max: 1000 },
  /** Seconds that they may wait for something new. */
  waitSeconds: 30,
  /** Rows in one post of results. */
  results: 1000,
  /** Rows in one post of answers. */
  answers: 1000,
  /** Bytes of a posted body: 1,000 results with room to spare. */
  bodyBytes: 1_000_000,
  /** How far a carrier's clock may run ahead of ours. */
  clockSkewMs: 5 * 60_000,
} as const

/** A whole number as a query or path writes it: digits and nothing else. */
export const digits = z
  .string()
  .regex(/^\d{1,15}$/, { error: 'must be a whole number, not negative', abort: true })
  .transform(Number)

const between = (min: number, max: number) =>
  digits.refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)

/** The last part of `/list/{seq}`. */
export const listPathSchema = z.object({ seq: digits })

export const changesQuerySchema = z.object({
  after: digits.default(0),
  limit: between(1, LIMITS.changes.max).default(LIMITS.changes.default),
  wait: between(0, LIMITS.waitSeconds).default(0),
})

/** The query of a carrier's own list: the line up to which it has its book carried out. */
export const listQuerySchema = z.object({ seq: digits.optional() })

/** The query of what differs: a kind, in order of phones. */
export const differencesQuerySchema = z.object({
  kind: z.enum(DIFFERENCE_KINDS).default('missing'),
  after: z
    .string()
    .regex(/^\d{15}$/, 'must be 15 digits')
    .optional(),
  limit: between(1, LIMITS.changes.max).default(LIMITS.changes.default),
})

export const ackSchema = z.object({ upTo: z.int().min(0) })

export const resultSchema = z.object({
  order: z.uuid(),
  imei: z.string().regex(/^\d{15}$/, 'must be 15 digits'),
  outcome: z.enum(ENTRY_OUTCOMES),
  code: z.enum(REJECTION_CODES).optional(),
  at: z.iso.datetime({ offset: true }),
})
export type CarrierResult = z.output<typeof resultSchema>

export const resultsSchema = z.object({ results: z.array(resultSchema).max(LIMITS.results) })

export interface ResultAnswer {
  readonly order: string
  readonly imei: string
  readonly status: 'recorded' | 'duplicate' | 'unknown'
  readonly detail?: string
}

const answerSchema = z.object({
  question: z.uuid(),
  answer: z.enum(SIM_ANSWERS),
  at: z.iso.datetime({ offset: true }).optional(),
})
export type CarrierAnswer = z.output<typeof answerSchema>

export const answersSchema = z.object({ answers: z.array(answerSchema).max(LIMITS.answers) })

export interface AnswerReceipt {
  readonly question: string
  readonly status: 'recorded' | 'duplicate' | 'unknown'
  readonly detail?: string
}
