import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { lockPost } from '../data.ts'
import { findAbsence, listAbsences, toDay } from './data.ts'
import { type Days, type DaysFault, lengthOf, mayMarkAbsent } from './rules.ts'

export type AbsenceRefusal = 'forbidden' | 'overlaps' | DaysFault

/** Marks a person absent, who gets no new cases from then on. The account's row is locked against a case at that moment. */
export function markAbsent(
  actor: StaffActor,
  { accountId, submitKey, ...days }: Days & { readonly accountId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, AbsenceRefusal>> {
  return actOnce<true, AbsenceRefusal>(submitKey, `account.absent:${actor.id}`, now, async (tx) => {
    const account = await lockPost(tx, accountId)
    if (!account?.active || !mayMarkAbsent(actor, { ...account, id: accountId })) return err('forbidden')
    const fault = daysFault(days, localDate(now))
    if (fault) return err(fault)
    const known = await listAbsences([accountId], now, tx)
    if (known.some((one) => one.from <= days.until && days.from <= one.until)) return err('overlaps')
    await tx.staffAbsence.create({
      data: {
        ...{ id: randomUUID(), accountId, markedById: actor.id, markedAt: now },
        ...{ fromDay: toDay(days.from), untilDay: toDay(days.until) },
      },
      select: { id: true },
    })
    await audit(tx, {
      actor,
      act: 'account.absent',
      subject: { kind: 'account', id: accountId },
      facts: { days: lengthOf(days) },
      at: now,
    })
    return ok(true)
  })
}

/** Days. For a longer absence an admin disables the account. */
const LONGEST_ABSENCE = 366

function daysFault(days: Days, today: string): DaysFault | null {
  if (days.until < days.from) return 'backwards'
  if (days.until < today) return 'past'
  return lengthOf(days) > LONGEST_ABSENCE ? 'long' : null
}

/** Ends an absence as of yesterday; one in the future is deleted, and a past one stays. */
export function endAbsence(
  actor: StaffActor,
  { absenceId, submitKey }: { readonly absenceId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, 'forbidden'>> {
  return actOnce<true, 'forbidden'>(submitKey, `account.present:${actor.id}`, now, async (tx) => {
    const found = await findAbsence(tx, absenceId)
    if (!found) return ok(true)
    const account = await lockPost(tx, found.accountId)
    if (!account || !mayMarkAbsent(actor, { ...account, id: found.accountId })) return err('forbidden')
    const today = localDate(now)
    // Another request may have ended it while this one waited for the account's lock.
    const absence = await findAbsence(tx, absenceId)
    if (!absence || absence.until < today) return ok(true)
    const row = { where: { id: absenceId }, select: { id: true } } as const
    const untilDay = toDay(localDate(addMilliseconds(now, -DAY)))
    if (absence.from >= today) await tx.staffAbsence.delete(row)
    else await tx.staffAbsence.update({ ...row, data: { untilDay } })
    await audit(tx, {
      actor,
      act: 'account.present',
      subject: { kind: 'account', id: absence.accountId },
      at: now,
    })
    return ok(true)
  })
}
