import '#server-only'
import { createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto'
import { z } from 'zod'
import { findAgencyVersions } from '#features/agencies/data.ts'
import { versionOn } from '#features/agencies/rules.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { type RatingRefusal, rate, type SentRating } from '#features/ratings/rating/acts.ts'
import type { ReceiptNumber } from '#features/ratings/rating/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { allValues, lastValue } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import { addMilliseconds, DAY, type Instant, localDate, MINUTE, SECOND } from '#lib/time.ts'
import { randomBuffer, sameBytes } from '#platform/crypto.ts'
import { rawQuery, sql, type Tx, transaction } from '#platform/db.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { findKiosk, makePairingCode, noteKioskSeen } from './data.ts'
import {
  type DeviceRefusal,
  KIOSK_AHEAD,
  KIOSK_CEILING,
  KIOSK_CEILING_MAX,
  KIOSK_DAYS,
  KIOSK_LATE,
  type KioskRefusal,
  kioskMessage,
  PAIRING_MINUTES,
} from './rules.ts'

type KioskActRefusal = 'forbidden' | 'not_found'

/** Creates a kiosk for a counter of an agency. Returns its id, from which its link is made each time it is shown. */
export const makeKiosk = act({
  name: 'survey.kiosk_made',
  once: () => 'survey.make_kiosk',
  permission: 'survey:manage',
  faults: 'survey.kiosk',
  page: (_input, kiosk) => ({ pathname: '/admin/survey/kiosks/[kiosk]', params: { kiosk } }),
  input: z.object({
    agencyId: z
      .string({ error: 'survey.kiosk.agency' })
      .min(1, 'survey.kiosk.agency')
      .max(60, 'survey.kiosk.agency'),
    counter: z
      .string({ error: 'survey.kiosk.counter' })
      .transform((text) => stripInvisible(text).trim())
      .pipe(z.string().min(1, 'survey.kiosk.counter').max(60, 'survey.kiosk.counter')),
    ceiling: z
      .string()
      .transform((text) => (text.trim() === '' ? KIOSK_CEILING : Number(text)))
      .pipe(
        z
          .int('survey.kiosk.ceiling')
          .min(1, 'survey.kiosk.ceiling')
          .max(KIOSK_CEILING_MAX, 'survey.kiosk.ceiling'),
      )
      .default(KIOSK_CEILING),
    days: z.coerce
      .number()
      .pipe(z.union(KIOSK_DAYS.map((days) => z.literal(days))))
      .catch(KIOSK_DAYS[1]),
  }),
  async run({ tx, actor, input: { agencyId, counter, ceiling, days }, now }) {
    const today = localDate(now)
    if (versionOn(await findAgencyVersions(agencyId, today, tx), today) === null)
      return refuse('agency', 'agencyId')
    const id = randomUUID()
    const expiresAt = addMilliseconds(now, days * DAY)
    await tx.kiosk.create({
      data: { id, agencyId, counter, ceiling, createdAt: now, expiresAt, ...newPairing(now) },
      select: { id: true },
    })
    const subject = { kind: 'kiosk', id } as const
    const facts = { agencyId, counter, days, ceiling }
    await audit(tx, { actor, act: 'survey.kiosk_made', subject, facts, at: now })
    return logged(id)
  },
})

const newPairing = (now: Instant) => ({
  pairingNonce: randomBuffer(16),
  pairingUntil: addMilliseconds(now, PAIRING_MINUTES * MINUTE),
})

/** Makes a new pairing code for a kiosk, and unpairs its present device at once. */
export async function awaitKioskDevice(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<string, KioskActRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  return transaction(async (tx) => {
    const { pairingNonce, pairingUntil } = newPairing(now)
    const [found] = await rawQuery<{ agencyId: string; had: boolean }>(
      tx,
      sql`
      WITH before AS (SELECT id, public_key IS NOT NULL AS had FROM survey_kiosks
        WHERE id = ${id}::uuid AND revoked_at IS NULL FOR UPDATE)
      UPDATE survey_kiosks k SET public_key = NULL, pairing_nonce = ${pairingNonce}, pairing_until = ${pairingUntil}
      FROM before WHERE k.id = before.id RETURNING k.agency_id AS "agencyId", before.had`,
    )
    if (found === undefined) return err('not_found')
    const subject = { kind: 'kiosk', id } as const
    const facts = { agencyId: found.agencyId, parted: found.had }
    await audit(tx, { actor, act: 'survey.kiosk_code', subject, facts, at: now })
    return ok(id)
  })
}

/** `paired`: it has a device. `code`: not the current code. `many`: too many tries. `key`: not a valid key. */
export type PairingRefusal = KioskRefusal | 'paired' | 'code' | 'many' | 'key'

/** Pairs the device at a kiosk's link with the kiosk, by the code that the survey manager sees. A code works once. */
export async function pairKioskDevice(
  { token, agencyId, code, publicKey }: Readonly<Record<'token' | 'agencyId' | 'code' | 'publicKey', string>>,
  now: Instant,
): Promise<Result<string, PairingRefusal>> {
  const kiosk = await findKiosk(token, agencyId, now)
  if (!kiosk.ok) return kiosk
  const { id, publicKey: known } = kiosk.value
  const key = parseDeviceKey(publicKey)
  if (key === null) return err('key')
  // The same device asks again: its first reply was lost.
  if (known !== null) return sameBytes(known, key) ? ok(id) : err('paired')
  if (!(await withinLimit('kiosk_pairing', id, now)).allowed) return err('many')
  const right = makePairingCode(kiosk.value, now)
  if (right === null || !sameBytes(Buffer.from(right), Buffer.from(code.replace(/\D/g, ''))))
    return err('code')
  return transaction(async (tx) => {
    // Only while the code is still the one that was typed.
    const { pairingNonce } = kiosk.value
    const [paired] =
      pairingNonce === null
        ? []
        : await tx.kiosk.updateManyAndReturn({
            where: { id, publicKey: null, revokedAt: null, pairingNonce: Buffer.from(pairingNonce) },
            data: { publicKey: key, pairingNonce: null, pairingUntil: null },
            select: { agencyId: true },
          })
    if (paired === undefined) return err('paired')
    const subject = { kind: 'kiosk', id } as const
    const entry = { actor: { kind: 'system' }, act: 'survey.kiosk_paired', subject } as const
    await audit(tx, { ...entry, facts: paired, at: now })
    return ok(id)
  })
}

/** Revokes a kiosk at once: its link opens nothing any more, even if it was copied. */
export async function revokeKiosk(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<Result<string, KioskActRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err('forbidden')
  return transaction(async (tx) => {
    if (!(await endKiosk(tx, actor, id, now))) return err('not_found')
    await noteErased(tx, 'kiosk', [id], now)
    return ok(id)
  })
}

/** Revokes a kiosk whose link a restored backup has in force again (ADR 98). Returns whether it did. */
export const revokeKioskAgain = (tx: Tx, id: string, now: Instant): Promise<boolean> =>
  endKiosk(tx, { kind: 'system' }, id, now)

async function endKiosk(tx: Tx, actor: StaffActor | { readonly kind: 'system' }, id: string, now: Instant) {
  const [facts] = await tx.kiosk.updateManyAndReturn({
    where: { id, revokedAt: null },
    data: { revokedAt: now },
    select: { agencyId: true },
  })
  if (facts === undefined) return false
  const subject = { kind: 'kiosk', id } as const
  await audit(tx, { actor, act: 'survey.kiosk_revoked', subject, facts, at: now })
  return true
}

/**
 * Takes a rating that a kiosk's device has signed with its key. It is for the day on which it was given or, if the agency did not
 * exist on that day, for today. If the agency has ended or was withdrawn, answers of its own days are still taken. Any other is
 * refused with `ended`, and the device keeps it for a day, so that it is not lost if the end was a mistake.
 */
export async function rateAtKiosk(
  sent: Omit<SentRating, 'sender' | 'channel'>,
  now: Instant,
): Promise<
  Result<
    ReceiptNumber,
    RatingRefusal | { readonly kind: 'kiosk'; readonly refusal: KioskRefusal | DeviceRefusal | 'ended' }
  >
> {
  const { typed } = sent
  const kiosk = await findKiosk(lastValue(typed, 'kiosk'), sent.agencyId, now)
  if (!kiosk.ok) return err({ kind: 'kiosk', refusal: kiosk.error })
  const { id, publicKey, ceiling } = kiosk.value
  if (publicKey === null) return err({ kind: 'kiosk', refusal: 'unpaired' })
  const fields = Object.keys(typed).flatMap((name) =>
    allValues(typed, name).map((value) => [name, value] as const),
  )
  if (!isSigned(publicKey, kioskMessage(id, fields), lastValue(typed, 'signature')))
    return err({ kind: 'kiosk', refusal: 'unsigned' })
  await noteKioskSeen(id, now)
  const at = new Date(Number(lastValue(typed, 'at') || Number.NaN) * SECOND)
  const age = now.getTime() - at.getTime()
  if (!(age >= -KIOSK_AHEAD && age <= KIOSK_LATE)) return err({ kind: 'kiosk', refusal: 'clock' })
  const sender = { kind: 'kiosk', kioskId: id, at, ceiling } as const
  const rateOn = (serviceDate: string) => rate({ ...sent, typed: { ...typed, serviceDate }, sender }, now)
  const today = localDate(now)
  const given = at > now ? today : localDate(at)
  const rated = await rateOn(given)
  if (rated.ok || !isOfNoAgency(rated.error)) return rated
  // The catalogue may have changed while the answer was on its way, so it is read again.
  const versions = await findAgencyVersions(sent.agencyId, today)
  const open = [given, today].find((date) => versionOn(versions, date) !== null)
  return open === undefined ? err({ kind: 'kiosk', refusal: 'ended' }) : rateOn(open)
}

const isOfNoAgency = (refusal: RatingRefusal): boolean =>
  refusal.kind === 'gone' || (refusal.kind === 'faults' && 'serviceDate' in refusal.faults)

/** Reads a public key of the kind that our pages make in a browser: ECDSA on P-256, as SPKI. Null for anything else. */
function readKey(spki: Uint8Array): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

function parseDeviceKey(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]{80,200}$/.test(text)) return null
  const key = readKey(Buffer.from(text, 'base64url'))
  return key === null ? null : new Uint8Array(key.export({ format: 'der', type: 'spki' }))
}

/** Checks that a text was signed with a device's key. WebCrypto writes a signature as its two numbers, here in base64url. */
function isSigned(spki: Uint8Array, message: string, signature: string): boolean {
  const key = readKey(spki)
  return (
    key !== null &&
    /^[\w-]{86}$/.test(signature) &&
    verify(
      'sha256',
      Buffer.from(message),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  )
}
