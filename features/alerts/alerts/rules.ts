import { z } from 'zod'
import { type CaseState, OVER_STATES } from '#features/cases/record/state-rules.ts'
import { digits } from '#features/exchange/interface/rules.ts'
import type { AnswerOf } from '#lib/answer.ts'

/** The events that receivers are told of, in the order in which they happen. */
export const ALERT_EVENTS = ['reported', 'verified', 'blocked', 'cleared'] as const
export type AlertEvent = (typeof ALERT_EVENTS)[number]

export const ALERT_OUTCOMES = ['locked', 'no_customer', 'call_needed', 'refused', 'not_subscriber'] as const
export type AlertOutcome = (typeof ALERT_OUTCOMES)[number]

const BLOCKED: readonly CaseState[] = ['blocked', 'unblock_review']
const OWNED: readonly CaseState[] = ['verified', 'watching', 'blocking', ...BLOCKED]

/** The fact that was verified when the alert was written. */
export interface Verified {
  /** The person has entered a code that was sent to their contact. */
  readonly contact: boolean
  /** The carrier has confirmed the reporter as the number's subscriber. */
  readonly number: boolean
  /** Police have confirmed that the phone is the person's. */
  readonly ownership: boolean
}

export const isOwned = (state: CaseState): boolean => OWNED.includes(state)

/**
 * Returns the events that a receiver is to be told now. Nothing is told without a confirmed contact, nor before the carrier has
 * confirmed the subscriber or police have looked. `cleared` is told only after another event.
 *
 * @param told the events already told, the oldest first
 */
export function eventsDue(
  state: CaseState,
  { contact, number, ownership }: Verified,
  looked: boolean,
  told: readonly AlertEvent[],
): readonly AlertEvent[] {
  const since = told.slice(told.lastIndexOf('cleared') + 1)
  if (OVER_STATES.includes(state)) return since.length > 0 ? ['cleared'] : []
  if (!contact || !(number || looked || ownership)) return []
  const now = [
    'reported',
    ...(ownership ? (['verified'] as const) : []),
    ...(BLOCKED.includes(state) ? (['blocked'] as const) : []),
  ] as const
  return now.filter((one) => !since.includes(one))
}

// The interface of receivers. These schemas parse their requests, type the answers, and are the source of
// /api/openapi.json. Descriptions are published in that document.

export const ALERT_LIMITS = {
  /** Alerts in one answer. */
  changes: { default: 100, max: 1000 },
  waitSeconds: 30,
  /** Rows in one post of results. */
  results: 1000,
  bodyBytes: 500_000,
  /** The most by which a receiver's clock may run ahead of ours. */
  clockSkewMs: 5 * 60_000,
} as const

const between = (min: number, max: number) =>
  digits.pipe(z.int().min(min, `must be from ${min} to ${max}`).max(max, `must be from ${min} to ${max}`))

export const alertsQuerySchema = z.object({
  after: digits.default(0).describe('the last sequence you have'),
  limit: between(1, ALERT_LIMITS.changes.max)
    .default(ALERT_LIMITS.changes.default)
    .describe('the most to answer'),
  wait: between(0, ALERT_LIMITS.waitSeconds).default(0).describe('seconds to wait when there is none'),
})
export type AlertsQuery = z.output<typeof alertsQuerySchema>

const time = z.iso.datetime({ offset: true })
const typeOf = (event: AlertEvent) => `device.${event}` as const

export const alertSchema = z
  .object({
    specversion: z.literal('1.0'),
    id: z.uuid().describe('the same each time that it is read or pushed; results name it'),
    source: z.string().describe('this site'),
    type: z
      .enum(ALERT_EVENTS.map(typeOf))
      .describe(
        'reported: the phone is lost, and what `verified` says holds. verified: police have found that it is the person’s. blocked: every carrier has blocked it. cleared: the case is over; its earlier alerts mean nothing more.',
      ),
    subject: z
      .string()
      .regex(/^\+84\d{9}$/)
      .optional()
      .describe(
        'the phone number, E.164. Absent where the person has taken the consent back, or the case was erased, before you read it: there is nothing to do.',
      ),
    time: time.describe('when it was written'),
    datacontenttype: z.literal('application/json'),
    sequence: z.string().describe('its place among your alerts, gapless from 1'),
    data: z.object({
      case: z.uuid().describe('a name of the case for you alone: alerts with the same one belong together'),
      verified: z.object({
        contact: z.boolean().describe('the person has entered a code that was sent to their contact'),
        number: z.boolean().describe('the number’s carrier has this person as its subscriber'),
        ownership: z.boolean().describe('police have found that the phone is theirs'),
      }),
    }),
  })
  .meta({
    id: 'Alert',
    description:
      'A CloudEvent 1.0. It never has a name, an id number or what happened. Members may be added: pass over those that you do not know.',
  })
export type SentAlert = AnswerOf<typeof alertSchema>
export const alertType = typeOf

export const alertsSchema = z
  .object({
    after: z.int().min(0),
    next: z.int().min(0).describe('the last sequence in this answer; `after` when there is none'),
    head: z.int().min(0).describe('the last sequence among your alerts'),
    entries: z.array(alertSchema),
  })
  .meta({ id: 'Alerts' })
export type Alerts = AnswerOf<typeof alertsSchema>

export const alertResultSchema = z
  .object({
    alert: z.uuid().describe('the `id` of the alert'),
    outcome: z
      .enum(ALERT_OUTCOMES)
      .describe(
        'locked: you have locked what you keep for that number. no_customer: you keep nothing for it. call_needed: the person must call you. refused: you do nothing. not_subscriber: the number is another person’s; the case is flagged for police, and you are told nothing more of it.',
      ),
    at: time.describe('when you acted; at most 5 minutes ahead of our clock'),
  })
  .meta({ id: 'AlertResult' })
export type AlertResult = z.output<typeof alertResultSchema>

export const alertResultsSchema = z
  .object({ results: z.array(alertResultSchema).max(ALERT_LIMITS.results) })
  .meta({ id: 'AlertResults' })

const resultAnswerSchema = z.object({
  alert: z.uuid(),
  status: z
    .enum(['recorded', 'duplicate', 'unknown'])
    .describe(
      'duplicate: it is recorded so, or a later one is. unknown: no such alert of yours, or from the future',
    ),
  detail: z.string().optional(),
})
export type AlertResultAnswer = AnswerOf<typeof resultAnswerSchema>
export const alertResultAnswersSchema = z
  .object({ results: z.array(resultAnswerSchema).describe('one answer a row, in the rows’ order') })
  .meta({ id: 'AlertResultAnswers' })
export type AlertResultAnswers = AnswerOf<typeof alertResultAnswersSchema>
