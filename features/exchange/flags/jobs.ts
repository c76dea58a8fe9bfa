import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { tellCarrier } from '../notices/acts.ts'
import { listCarrierStandings } from '../relay/data.ts'
import { raiseCarrierFlag, resolveFlag } from './acts.ts'
import { countSkippedOrders, forgetReminders } from './data.ts'
import { isReminderTime, REMINDERS_KEPT, reminderDay, remindersOf } from './rules.ts'

/**
 * Closes questions that have expired, and looks at every carrier: flags one that answers later orders and not earlier
 * ones, and reminds of what is late, one mail a carrier, kind and day. Answers how many reminders it wrote.
 */
export async function watchCarriers(now: Instant): Promise<number> {
  const expired = { where: { open: true, expiresAt: { lte: now } }, data: { open: false } }
  await inScope(systemScope(), () => transaction((tx) => tx.carrierQuestion.updateMany(expired)))
  let reminded = 0
  for (const { id: carrierId, name, active, late, veryLate } of await listCarrierStandings(now)) {
    await transaction(async (tx) => {
      const skipped = await countSkippedOrders(tx, carrierId, now)
      if (skipped > 0)
        await raiseCarrierFlag(tx, { carrierId, kind: 'skipped', facts: { orders: skipped }, at: now })
      else await resolveFlag(tx, carrierId, 'skipped', now)
    })
    if (!active || !isReminderTime(now)) continue
    for (const { kind, orders } of remindersOf({ late, veryLate })) {
      const first = await transaction(async (tx) => {
        // The day's may have gone already.
        const data = [{ carrierId, kind, day: reminderDay(now) }]
        const { count } = await tx.carrierReminder.createMany({ data, skipDuplicates: true })
        if (count === 0) return false
        await tellCarrier(tx, { template: kind, carrierId, values: { carrier: name, orders } })
        const facts = { kind, orders }
        const subject = { kind: 'carrier', id: carrierId } as const
        await audit(tx, { actor: { kind: 'system' }, act: 'carrier.reminded', subject, facts, at: now })
        return true
      })
      if (first) reminded++
    }
  }
  await forgetReminders(addMilliseconds(now, -REMINDERS_KEPT))
  return reminded
}
