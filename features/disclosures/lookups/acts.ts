import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { LOOKUPS_AN_HOUR } from '#features/cases/disclosure/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { mailAlert } from './alerts-acts.ts'
import { growAlert, insertAlert, lastHour, lockAccount } from './data.ts'

/** Counts a look-up of a person, and raises the alert when they are more in an hour than duty explains. */
export async function recordLookup(tx: Tx, actor: StaffActor, now: Instant): Promise<void> {
  await lockAccount(tx, actor.id)
  await tx.lookup.create({ data: { id: randomUUID(), accountId: actor.id, at: now }, select: { id: true } })
  const found = await lastHour(tx, actor.id, now, LOOKUPS_AN_HOUR + 1)
  if (found.count <= LOOKUPS_AN_HOUR || (await growAlert(tx, actor.id, now))) return
  const alertId = await insertAlert(tx, actor.id, found, now)
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'alert.raise',
    subject: { kind: 'alert', id: alertId },
    facts: { account: actor.id, count: found.count },
    at: now,
  })
  await mailAlert(tx, alertId)
}

/** Writes down that a person searched by personal data: the kind of data, never its value. */
export const recordSearch = (actor: StaffActor, kinds: readonly string[], now: Instant): Promise<void> =>
  transaction(async (tx) => {
    await audit(tx, { actor, act: 'case.search', subject: { kind: 'search', id: kinds.join(' ') }, at: now })
    await recordLookup(tx, actor, now)
  })
