'use server'
import { z } from 'zod'
import { endAbsence, markAbsent } from '#features/accounts/absences/acts.ts'
import { shareCases } from '#features/cases/board/acts.ts'
import { MOST_SHARED } from '#features/cases/board/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { ABSENT, absenceFault, PRESENT } from '../../absence.ts'
import { boardRoute, readBoardQuery } from './query.ts'

const BOARD = { unit: z.string().optional(), days: z.string().optional() }

export const markAbsentAction = staffAction(
  { schema: ABSENT.extend(BOARD), permission: 'unit:supervise' },
  async (
    actor,
    { submitKey, accountId, absentFrom: from, absentUntil: until, ...board },
    { locale, now },
  ) => {
    const marked = await markAbsent(actor, { accountId, from, until, submitKey }, now)
    if (!marked.ok) return absenceFault(marked.error)
    return { to: pathFor(locale, boardRoute(readBoardQuery(board), { done: 'absent' })) }
  },
)

export const endAbsenceAction = staffAction(
  { schema: PRESENT.extend(BOARD), permission: 'unit:supervise' },
  async (actor, { submitKey, absenceId, ...board }, { locale, now }) => {
    const ended = await endAbsence(actor, { absenceId, submitKey }, now)
    if (!ended.ok) return absenceFault(ended.error)
    return { to: pathFor(locale, boardRoute(readBoardQuery(board), { done: 'present' })) }
  },
)

const SHARE = z.object({
  ...BOARD,
  submitKey: requiredSubmitKey,
  unitId: z.string('general.invalid').max(60, 'general.invalid'),
  from: z.union([z.literal('nobody'), z.uuid()], 'general.invalid').default('nobody'),
  receiver: z
    .union([z.array(z.uuid('general.invalid')).max(200, 'general.invalid'), z.uuid('general.invalid')])
    .default([]),
  shareCount: z.coerce
    .number('unit.count')
    .int('unit.count')
    .min(1, 'unit.count')
    .max(MOST_SHARED, 'unit.count'),
})

export const shareOutAction = staffAction(
  { schema: SHARE, permission: 'unit:supervise' },
  async (actor, { submitKey, unitId, from, receiver, shareCount, ...board }, { locale, now }) => {
    const input = { submitKey, unitId, from: from === 'nobody' ? null : from, to: [receiver].flat() }
    const shared = await shareCases(actor, { ...input, count: shareCount }, now)
    if (!shared.ok) {
      const field = shared.error === 'missing' || shared.error === 'nobody_there' ? 'receiver' : 'form'
      return { faults: { [field]: `unit.${shared.error}` } }
    }
    return { to: pathFor(locale, boardRoute(readBoardQuery(board), { shared: submitKey })) }
  },
)

/** Asks for a code before a download, because a link carries none. */
export const boardStepUpAction = staffAction(
  { schema: z.object(BOARD), permission: 'unit:supervise', stepUp: 'file' },
  async (_actor, board, { locale }) => ({ to: pathFor(locale, boardRoute(readBoardQuery(board))) }),
)
