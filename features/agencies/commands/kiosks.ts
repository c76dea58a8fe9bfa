import '#server-only'
import { randomUUID } from 'node:crypto'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { audit } from '#features/audit/commands.ts'
import { type KIOSK_DAYS, kioskLifetime } from '#features/ratings/rules/kiosk.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, localDate } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { versionsOf } from '../repository/agencies.ts'
import { insertKiosk, markSeen, revokeKioskRow } from '../repository/kiosks.ts'
import { versionOn } from '../rules/lineage.ts'

export interface NewKiosk {
  readonly agencyId: string
  readonly counter: string
  readonly days: (typeof KIOSK_DAYS)[number]
  readonly submitKey: string
}

export type KioskActRefusal = 'forbidden' | 'agency' | 'gone'

/** Binds a kiosk to a counter of an agency. Returns its id, from which its link is made each time it is shown. */
export async function makeKiosk(
  actor: StaffActor,
  { agencyId, counter, days, submitKey }: NewKiosk,
  now: Instant,
): Promise<Result<string, KioskActRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const today = localDate(now)
  if (versionOn(await versionsOf(agencyId, today), today) === null) return err('agency')
  return actOnce(submitKey, 'survey.make_kiosk', now, async (tx) => {
    const id = randomUUID()
    const expiresAt = addMilliseconds(now, kioskLifetime(days))
    await insertKiosk(tx, { id, agencyId, counter, createdAt: now, expiresAt })
    const subject = { kind: 'kiosk', id } as const
    await audit(tx, { actor, act: 'survey.kiosk_made', subject, facts: { agencyId, counter, days }, at: now })
    return ok(id)
  })
}

/** Ends a kiosk at once: its link, wherever it has been copied to, opens nothing. */
export async function revokeKiosk(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<string, KioskActRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  return transaction(async (tx) => {
    if (!(await endKiosk(tx, actor, id, now))) return err('gone')
    await noteErased(tx, 'kiosk', [id], now)
    return ok(id)
  })
}

/** Ends a kiosk whose link a restored copy has in force again (ADR 98). Answers whether it did. */
export const revokeKioskAgain = (tx: Tx, id: string, now: Instant): Promise<boolean> =>
  endKiosk(tx, { kind: 'system' }, id, now)

async function endKiosk(
  tx: Tx,
  actor: StaffActor | { readonly kind: 'system' },
  id: string,
  now: Instant,
): Promise<boolean> {
  const agencyId = await revokeKioskRow(tx, id, now)
  if (agencyId === null) return false
  const subject = { kind: 'kiosk', id } as const
  await audit(tx, { actor, act: 'survey.kiosk_revoked', subject, facts: { agencyId }, at: now })
  return true
}

/** Writes that a kiosk's page was opened or sent something today: by the day alone, and apart from any answer. */
export const kioskSeen = (id: string, now: Instant): Promise<void> => markSeen(id, localDate(now))
