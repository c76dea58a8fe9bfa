'use server'
import { z } from 'zod'
import {
  answerLetter,
  handOverLetter,
  letterDay,
  makeLetterNow,
  receiveLetter,
} from '#features/exchange/letters/acts.ts'
import { ENTRY_OUTCOMES, REJECTION_CODES } from '#features/exchange/orders/rules.ts'
import { actFault, staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const makeLetterAction = staffForm(makeLetterNow)
export const handOverAction = staffForm(handOverLetter)
export const receiveLetterAction = staffForm(receiveLetter)

export const answerLetterAction = staffAction(
  {
    schema: z.object({
      letterId: z.uuid('general.invalid'),
      letterLine: z.string('letter.line_missing').regex(/^(all|\d{1,15})$/, 'letter.line_missing'),
      letterOutcome: z.enum(ENTRY_OUTCOMES, 'letter.outcome_missing'),
      rejectionCode: z.enum(['', ...REJECTION_CODES], 'general.invalid').default(''),
      answeredOn: letterDay,
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
    if (!done.ok) {
      const field = done.error === 'too_early' || done.error === 'in_future' ? 'answeredOn' : 'form'
      return { faults: { [field]: actFault('letter', done.error) } }
    }
    const page = { pathname: '/admin/orders/letters/[letter]', params: { letter: input.letterId } } as const
    return { to: pathFor(locale, page) }
  },
)
