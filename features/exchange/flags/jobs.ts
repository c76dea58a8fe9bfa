import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { tellCarrier } from '../notices/acts.ts'
import { listCarrierStandings } from '../relay/data.ts'
import { raiseCarrierFlag, resolveFlag } from './acts.ts'
import { countSkippedOrders } from './data.ts'
import { isReminderTime, REMINDERS_KEPT, reminderDay, remindersOf } from './rules.ts'

/**
 * Closes expired questions and checks every carrier. Flags one that answers later orders and not earlier ones. Reminds of late
 * orders with one mail per carrier, kind and day. Returns the number of reminders.
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
        // Today's reminder may have been sent already.
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
  const old = { where: { day: { lt: addMilliseconds(now, -REMINDERS_KEPT) } } }
  await transaction((tx) => tx.carrierReminder.deleteMany(old))
  return reminded
}
