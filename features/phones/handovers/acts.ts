import '#server-only'
import { randomUUID } from 'node:crypto'
import { maskContact } from '#features/cases/contacts/rules.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { newCaseKey, randomBuffer } from '#platform/crypto.ts'
import { uniqueViolation } from '#platform/db.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { isOwnReport, isPublic } from '../certificates/acts.ts'
import { certificateBy } from '../certificates/data.ts'
import { findRegistrant, inPhones, lockRegistrant } from '../registrants/data.ts'
import { noteOf, onPhone, tell } from '../registrations/acts.ts'
import { findPhone, insertPhone, openPhone, savePhone } from '../registrations/data.ts'
import { PHONE_CONSENTS } from '../registrations/rules.ts'
import { openHandover } from './data.ts'
import { HANDOVER_LIFE, handoverNumbers } from './rules.ts'

type Form = Parameters<typeof onPhone>[1]
type AcceptFault = 'not_found' | 'closed' | 'own' | 'taken' | 'reported' | 'too_many' | 'consent'

/**
 * Accepts a phone by its certificate, for this browser's list; the seller is told and must confirm. Only the first of two buyers
 * can accept, and only once. Nothing is transferred yet.
 */
export async function acceptPhone(
  scope: PhonesScope,
  code: string,
  {
    consented,
    submitKey,
    now,
  }: { readonly consented: boolean; readonly submitKey: string; readonly now: Instant },
): Promise<Result<true, AcceptFault>> {
  const certificate = await certificateBy(code)
  if (certificate === null) return err('not_found')
  if (certificate.expiresAt <= now) return err('closed')
  if (certificate.phone.registrantId === scope.registrantId) return err('own')
  if (!consented) return err('consent')
  const { phoneId } = certificate
  const seen = await inPhones(() => openPhone(phoneId))
  const reported = seen ? await isPublic(seen, phoneId, now) : ok(false)
  if (!reported.ok) return reported
  if (reported.value) return err('reported')
  try {
    return await inPhones(() =>
      actOnce<true, AcceptFault>(keyFor(submitKey, phoneId), 'registration.accept', now, async (tx) => {
        await tx.$queryRaw`SELECT 1 FROM registered_phones WHERE id = ${phoneId}::uuid FOR UPDATE`
        const phone = await openPhone(phoneId, tx)
        const [buyer, seller] = [
          await lockRegistrant(tx, scope),
          phone && (await findRegistrant(phone.registrantId, tx)),
        ]
        if (!phone || !buyer || !seller || phone.state !== 'registered') return err('not_found')
        if (await isOwnReport(tx, phone)) return err('reported')
        const earlier = await openHandover(phoneId, tx)
        const lapsed = earlier && addMilliseconds(earlier.acceptedAt, HANDOVER_LIFE) <= now
        if (earlier && !lapsed) return earlier.buyerId === buyer.id ? ok(true) : err('taken')
        if (earlier)
          await tx.phoneHandover.update({
            where: { id: earlier.id },
            data: { endedAt: now },
            select: { id: true },
          })
        await tx.phoneHandover.create({
          data: {
            ...{ id: randomUUID(), number: handoverNumbers.draw(randomBuffer), phoneId, acceptedAt: now },
            ...{ certificateId: certificate.id, buyerId: buyer.id },
          },
          select: { id: true },
        })
        await noteOf(tx, phone, 'registration.accept', now)
        const [first] = buyer.contacts
        const contact = first ? maskContact(first) : ''
        await tell(tx, seller, 'phones_accepted', phone.content, now, { contact })
        return ok(true)
      }),
    )
  } catch (error) {
    // Another buyer accepted at the same moment.
    if (uniqueViolation(error)?.includes('one_open_handover')) return err('taken')
    throw error
  }
}

/**
 * Confirms a hand-over: the registration becomes the buyer's, under a new key and without the seller's data. Both sides are told
 * and get a paper with the hand-over's number.
 */
export async function handOver(
  scope: PhonesScope,
  form: Form,
): Promise<Result<true, 'not_found' | 'none' | 'reported' | 'too_many'>> {
  const { now } = form
  const seen = await findPhone(scope, form.phoneId)
  if (seen === null) return err('not_found')
  const reported = await isPublic(seen, seen.id, now)
  if (!reported.ok) return reported
  if (reported.value) return err('reported')
  return onPhone<true, 'none' | 'reported'>(scope, form, 'registration.hand_over', async (tx, phone) => {
    const handover = await openHandover(phone.id, tx)
    const buyer = handover?.buyerId ? await findRegistrant(handover.buyerId, tx) : null
    const seller = await findRegistrant(scope.registrantId, tx)
    if (!handover || !buyer || !seller || phone.state !== 'registered') return err('none')
    if (addMilliseconds(handover.acceptedAt, HANDOVER_LIFE) <= now) return err('none')
    if (await isOwnReport(tx, phone)) return err('reported')
    const made = newCaseKey(randomUUID())
    const [buyers, sellers] = [buyer, seller].map(({ contacts: [first] }) =>
      first ? maskContact(first) : '',
    )
    await insertPhone(tx, { ...made, registrantId: buyer.id, now })
    const { imeis, device, colour } = phone.content
    const got = {
      imeis,
      device,
      colour,
      name: '',
      msisdn: null,
      bought: '',
      otherSides: { got: sellers ?? '' },
    }
    await savePhone(tx, { id: made.key.caseId, key: made.key }, got, now)
    await tx.consent.createMany({
      data: PHONE_CONSENTS.filter(({ required }) => required).map(({ purpose, version }) => ({
        ...{ caseId: made.key.caseId, purpose, version, at: handover.acceptedAt },
      })),
    })
    await savePhone(tx, phone, {
      ...phone.content,
      otherSides: { ...phone.content.otherSides, gave: buyers ?? '' },
    })
    await tx.registeredPhone.update({
      where: { id: phone.id },
      data: { state: 'handed_over', endedAt: now },
      select: { id: true },
    })
    await tx.phoneHandover.update({
      where: { id: handover.id },
      data: { confirmedAt: now, newPhoneId: made.key.caseId },
      select: { id: true },
    })
    await noteOf(tx, phone, 'registration.hand_over', now, { paper: handover.number })
    await noteOf(tx, { id: made.key.caseId }, 'registration.register', now, { paper: handover.number })
    await tell(tx, seller, 'phones_handed_over', phone.content, now, { contact: buyers ?? '' })
    await tell(tx, buyer, 'phones_got', got, now, { contact: sellers ?? '' })
    return ok(true)
  })
}

/** Refuses the waiting buyer; the registration stays with the seller. */
export const refuseBuyer = (scope: PhonesScope, form: Form) =>
  onPhone(scope, form, 'registration.refuse_buyer', async (tx, phone): Promise<Result<true, never>> => {
    const { count } = await tx.phoneHandover.updateMany({
      where: { phoneId: phone.id, confirmedAt: null, endedAt: null },
      data: { endedAt: form.now },
    })
    if (count > 0) await noteOf(tx, phone, 'registration.refuse_buyer', form.now)
    return ok(true)
  })
