import '#server-only'
import { randomUUID } from 'node:crypto'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { audit } from '#features/audit/commands.ts'
import {
  KIOSK_CEILING,
  type KIOSK_DAYS,
  type KioskRefusal,
  kioskLifetime,
  PAIRING_MINUTES,
} from '#features/ratings/rules/kiosk.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, localDate, MINUTE } from '#lib/time.ts'
import { randomBuffer, sameBytes } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { parseDeviceKey } from '#platform/device-keys.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { kioskOf, pairingCode } from '../queries/kiosks.ts'
import { versionsOf } from '../repository/agencies.ts'
import { awaitDevice, insertKiosk, markSeen, pairKiosk, revokeKioskRow } from '../repository/kiosks.ts'
import { versionOn } from '../rules/lineage.ts'

export interface NewKiosk {
  readonly agencyId: string
  readonly counter: string
  readonly days: (typeof KIOSK_DAYS)[number]
  /** The most answers that it takes in an hour. */
  readonly ceiling?: number
  readonly submitKey: string
}

export type KioskActRefusal = 'forbidden' | 'agency' | 'gone'

/** Binds a kiosk to a counter of an agency. Returns its id, from which its link is made each time it is shown. */
export async function makeKiosk(
  actor: StaffActor,
  { agencyId, counter, days, ceiling = KIOSK_CEILING, submitKey }: NewKiosk,
  now: Instant,
): Promise<Result<string, KioskActRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  const today = localDate(now)
  if (versionOn(await versionsOf(agencyId, today), today) === null) return err('agency')
  return actOnce(submitKey, 'survey.make_kiosk', now, async (tx) => {
    const id = randomUUID()
    const expiresAt = addMilliseconds(now, kioskLifetime(days))
    await insertKiosk(tx, { id, agencyId, counter, ceiling, createdAt: now, expiresAt, ...newPairing(now) })
    const subject = { kind: 'kiosk', id } as const
    const facts = { agencyId, counter, days, ceiling }
    await audit(tx, { actor, act: 'survey.kiosk_made', subject, facts, at: now })
    return ok(id)
  })
}

const newPairing = (now: Instant) => ({
  pairingNonce: randomBuffer(16),
  pairingUntil: addMilliseconds(now, PAIRING_MINUTES * MINUTE),
})

/** Makes a new code by which a kiosk is paired with a device. A device that it has is parted from it at once. */
export async function awaitKioskDevice(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<string, KioskActRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  return transaction(async (tx) => {
    const found = await awaitDevice(tx, id, newPairing(now))
    if (found === null) return err('gone')
    const subject = { kind: 'kiosk', id } as const
    const facts = { agencyId: found.agencyId, parted: found.had }
    await audit(tx, { actor, act: 'survey.kiosk_code', subject, facts, at: now })
    return ok(id)
  })
}

/** `paired`: it has a device. `code`: not the code of now. `many`: too many tries. `key`: the browser sent no key. */
export type PairingRefusal = KioskRefusal | 'paired' | 'code' | 'many' | 'key'

/** Pairs the device at a kiosk's link with it, by the code that the manager of the survey shows. A code works once. */
export async function pairKioskDevice(
  { token, agencyId, code, publicKey }: Readonly<Record<'token' | 'agencyId' | 'code' | 'publicKey', string>>,
  now: Instant,
): Promise<Result<string, PairingRefusal>> {
  const kiosk = await kioskOf(token, agencyId, now)
  if (!kiosk.ok) return kiosk
  const { id, publicKey: known } = kiosk.value
  const key = parseDeviceKey(publicKey)
  if (key === null) return err('key')
  // The reply to the same device was lost.
  if (known !== null) return sameBytes(known, key) ? ok(id) : err('paired')
  if (!(await withinLimit('kiosk_pairing', id, now)).allowed) return err('many')
  const right = pairingCode(kiosk.value, now)
  if (right === null || !sameBytes(Buffer.from(right), Buffer.from(code.replace(/\D/g, ''))))
    return err('code')
  return transaction(async (tx) => {
    const agency = await pairKiosk(tx, kiosk.value, key)
    if (agency === null) return err('paired')
    const subject = { kind: 'kiosk', id } as const
    const entry = { actor: { kind: 'system' }, act: 'survey.kiosk_paired', subject } as const
    await audit(tx, { ...entry, facts: { agencyId: agency }, at: now })
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
