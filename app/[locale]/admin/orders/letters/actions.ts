'use server'
import { z } from 'zod'
import { answerLetter } from '#features/exchange/commands/answer-letter.ts'
import { handOver, receiveLetter } from '#features/exchange/commands/letter-way.ts'
import { makeLetterNow } from '#features/exchange/commands/make-letter.ts'
import { HANDOVERS } from '#features/exchange/rules/letter.ts'
import { ENTRY_OUTCOMES, REJECTION_CODES } from '#features/exchange/rules/order.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const letterId = z.uuid('general.invalid')
/** Day, month and year in that order; answers `YYYY-MM-DD`. */
const day = z.string('letter.day_missing').transform((written, context) => {
  const read = parseDay(written)
  if (read.ok) return localDate(read.value)
  context.addIssue({
    code: 'custom',
    message: read.error === 'empty' ? 'letter.day_missing' : `letter.day_${read.error}`,
  })
  return z.NEVER
})

const toLetter = (locale: Locale, letter: string) => ({
  to: pathFor(locale, { pathname: '/admin/orders/letters/[letter]', params: { letter } }),
})

/**
 * Returns the fault of a refusal: about the day, beside its field; `came_otherwise`, beside the box that confirms;
 * otherwise above the form.
 */
const refused = (error: string, dayField = 'form') => {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  const field =
    error === 'too_early' || error === 'in_future'
      ? dayField
      : error === 'came_otherwise'
        ? 'handedMeant'
        : 'form'
  return { faults: { [field]: `letter.${error}` } }
}

export const makeLetterAction = staffAction(
  {
    schema: z.object({ carrierId: z.string().max(40), submitKey: requiredSubmitKey }),
    permission: 'letter:manage',
  },
  async (actor, input, { locale, now }) => {
    const made = await makeLetterNow(actor, input, now)
    return made.ok ? toLetter(locale, made.value) : refused(made.error)
  },
)

export const handOverAction = staffAction(
  {
    schema: z.object({
      letterId,
      submitKey: requiredSubmitKey,
      handedOn: day,
      handedBy: z.enum(HANDOVERS, 'letter.how_missing'),
      handedMeant: z.literal('yes').optional(),
    }),
    permission: 'letter:manage',
  },
  async (actor, { handedOn: on, handedBy: how, handedMeant, ...input }, { locale, now }) => {
    const done = await handOver(actor, { ...input, on, how, meant: handedMeant === 'yes' }, now)
    return done.ok ? toLetter(locale, input.letterId) : refused(done.error, 'handedOn')
  },
)

export const receiveLetterAction = staffAction(
  {
    schema: z.object({
      letterId,
      submitKey: requiredSubmitKey,
      receivedOn: day,
      receivedAs: z.string().trim().max(60, 'letter.as_too_long').default(''),
    }),
    permission: 'letter:manage',
  },
  async (actor, { receivedOn: on, receivedAs: as, ...input }, { locale, now }) => {
    const done = await receiveLetter(actor, { ...input, on, as }, now)
    return done.ok ? toLetter(locale, input.letterId) : refused(done.error, 'receivedOn')
  },
)

export const answerLetterAction = staffAction(
  {
    schema: z.object({
      letterId,
      letterLine: z.string('letter.line_missing').regex(/^(all|\d{1,15})$/, 'letter.line_missing'),
      letterOutcome: z.enum(ENTRY_OUTCOMES, 'letter.outcome_missing'),
      rejectionCode: z.enum(['', ...REJECTION_CODES], 'general.invalid').default(''),
      answeredOn: day,
    }),
    permission: 'letter:manage',
  },
  async (actor, input, { locale, now }) => {
    const said = { outcome: input.letterOutcome, code: input.rejectionCode || null }
    const all = input.letterLine === 'all' ? said : null
    const lines = new Map(all ? [] : [[Number(input.letterLine), said]])
    const done = await answerLetter(
      actor,
      { letterId: input.letterId, on: input.answeredOn, all, lines },
      now,
    )
    return done.ok ? toLetter(locale, input.letterId) : refused(done.error, 'answeredOn')
  },
)
