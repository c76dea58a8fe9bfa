import '#server-only'
import { randomUUID } from 'node:crypto'
import { casesAmong } from '#features/cases/imeis/data.ts'
import { newCaseSecret } from '#features/cases/unlock/rules.ts'
import { countAndFind } from '#features/check/data.ts'
import { digestOf, signStatement } from '#features/exchange/lists/data.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { randomBuffer, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { counterFor } from '#platform/rate-limits/commands.ts'
import { noteOf, onPhone } from '../registrations/acts.ts'
import { findPhone, phoneOf, type RegisteredPhone } from '../registrations/data.ts'
import { endsOf, nameOf } from '../registrations/rules.ts'
import { certificatePlace, codeHash, type SealedCertificate } from './data.ts'
import { CERTIFICATE_LIFE, type Statement } from './rules.ts'

/** Returns whether a phone is publicly reported; it reveals only what the public check does. */
export async function isPublic(
  { content }: Pick<RegisteredPhone, 'content'>,
  counted: string,
  now: Instant,
): Promise<Result<boolean, 'too_many'>> {
  for (const imei of content.imeis) {
    const counter = counterFor('certificate_phone', counted, now)
    const { wait, reported } = await countAndFind({ key14: imei.slice(0, 14), counter, now })
    if (wait > 0) return err('too_many')
    if (reported) return ok(true)
  }
  return ok(false)
}

/** Returns whether the phone's own holder has reported it, in a case that is still active. */
export const isOwnReport = async (tx: Tx, { reportId }: Pick<RegisteredPhone, 'reportId'>) =>
  reportId !== null && (await casesAmong([reportId], tx)).some(({ active }) => active)

/**
 * Makes a certificate of a phone: the public check's result at this minute, the registration date, and a carrier's answer.
 * Returns its id. A reported phone gets none.
 */
export async function makeCertificate(
  scope: PhonesScope,
  form: Parameters<typeof onPhone>[1],
): Promise<Result<string, 'not_found' | 'not_open' | 'reported' | 'too_many'>> {
  const { now } = form
  const phone = await findPhone(scope, form.phoneId)
  if (phone === null) return err('not_found')
  const reported = await isPublic(phone, phone.id, now)
  if (!reported.ok) return reported
  if (reported.value) return err('reported')
  const confirmed = (await phoneOf(scope, phone.id))?.confirmed ?? null
  return onPhone<string, 'not_open' | 'reported'>(scope, form, 'registration.certify', async (tx, locked) => {
    const { content, registeredAt, state, key } = locked
    if (state !== 'registered' || registeredAt === null) return err('not_open')
    if (await isOwnReport(tx, locked)) return err('reported')
    const until = addMilliseconds(now, CERTIFICATE_LIFE)
    const statement: Statement = {
      type: 'an-tam/certificate/1',
      device: nameOf({ ...content, name: '' }),
      colour: content.colour,
      ends: endsOf(content),
      at: now.toISOString(),
      until: until.toISOString(),
      since: registeredAt.toISOString(),
      confirmed: confirmed && { carrier: confirmed.carrier, at: confirmed.at.toISOString() },
    }
    const token = signStatement(canonicalJson(statement))
    const id = randomUUID()
    const code = newCaseSecret(randomBuffer)
    const sealed = seal(key, certificatePlace(id), { code, token } satisfies SealedCertificate)
    await tx.phoneCertificate.create({
      data: { id, phoneId: locked.id, codeHash: codeHash(code), sealed, madeAt: now, expiresAt: until },
      select: { id: true },
    })
    await noteOf(tx, locked, 'registration.certify', now, { sha256: digestOf(token) })
    return ok(id)
  })
}
