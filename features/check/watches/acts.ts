import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { type ContactFault, checkContact, confirmByCode } from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { notify } from '#features/notices/acts.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { newCaseKey, sameBytes, seal } from '#platform/crypto.ts'
import { transaction } from '#platform/db.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import {
  changedWatches,
  countWatches,
  inWatches,
  lockWatch,
  removeWatches,
  startWatch,
  WATCH_CONTACT,
} from './data.ts'
import { ASKED_TIME, MOST_WATCHES, TOLD_TIME, WATCH_TIME } from './rules.ts'

/**
 * Sends a code to a contact that wants to know when a phone's check result changes. The result reveals nothing about the phone or
 * the contact, only the sender's own limits. Returns the watch's id.
 */
export function askWatch({
  imeis,
  contact,
  address,
  locale,
  submitKey,
  now,
}: {
  /** 15 digits each; empty if the contact only asks what is stored about it. */
  readonly imeis: readonly string[]
  readonly contact: Contact
  readonly address: string
  readonly locale: 'vi' | 'en'
  readonly submitKey: string
  readonly now: Instant
}): Promise<Result<string, 'limit' | 'no_sms'>> {
  if (contact.kind === 'phone' && !reachesPhones()) return Promise.resolve(err('no_sms'))
  const once = keyFor(submitKey, writeContactHash(contact))
  return inWatches(() =>
    actOnce<string, 'limit'>(once, 'check.watch_asked', now, async (tx) => {
      if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
      const id = randomUUID()
      const { key, stored } = newCaseKey(id)
      await tx.caseKey.create({ data: { caseId: id, ...stored, createdAt: now }, select: { caseId: true } })
      const [sealed, expiresAt] = [seal(key, WATCH_CONTACT, contact), addMilliseconds(now, ASKED_TIME)]
      const watch = { id, imeis: [...imeis], locale, sealed, createdAt: now, expiresAt }
      await tx.checkWatch.create({ data: watch, select: { id: true } })
      const code = { key, contact, template: 'code_watch', locale, number: '', address, now } as const
      if (!(await confirmByCode(tx, code)).ok) return err('limit')
      const subject = { kind: 'watch', id } as const
      await audit(tx, { actor: { kind: 'citizen' }, act: 'check.watch_asked', subject, at: now })
      return ok(id)
    }),
  )
}

/** Starts the watch whose code was typed. A watch without a phone ends at once: it only proves whose contact it is. */
export const confirmWatch = (
  { id, typed, submitKey }: { readonly id: string; readonly typed: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, ContactFault | 'not_found' | 'full'>> =>
  inWatches(() =>
    actOnce(keyFor(submitKey, typed), 'check.watch_confirmed', now, async (tx) => {
      const watch = await lockWatch(tx, id, now)
      if (watch === null) return err('not_found')
      if (watch.contactHash !== null) return ok(true)
      const { contact, imeis } = watch
      const checked = await checkContact(tx, { caseId: id, contact, typed, now })
      if (!checked.ok) return checked
      const subject = { kind: 'watch', id } as const
      await audit(tx, { actor: { kind: 'citizen' }, act: 'check.watch_confirmed', subject, at: now })
      if (imeis.length === 0) {
        await removeWatches(tx, [id])
        return ok(true)
      }
      if ((await countWatches(tx, contact, now)) >= MOST_WATCHES) return err('full')
      await startWatch(tx, { id, contact, until: addMilliseconds(now, WATCH_TIME) })
      return ok(true)
    }),
  )

export const endWatch = (
  { id, contact, submitKey }: { readonly id: string; readonly contact: Contact; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, 'not_found'>> =>
  inWatches(() =>
    actOnce<true, 'not_found'>(keyFor(submitKey, id), 'check.watch_ended', now, async (tx) => {
      const watch = await lockWatch(tx, id, now)
      if (!watch?.contactHash || !sameBytes(watch.contactHash, contactHash(contact))) return err('not_found')
      await removeWatches(tx, [id])
      const subject = { kind: 'watch', id } as const
      await audit(tx, { actor: { kind: 'citizen' }, act: 'check.watch_ended', subject, at: now })
      return ok(true)
    }),
  )

const BATCH = 200

/**
 * Sends contacts one message when their phone's check result has changed, in either direction. The contact is deleted as soon as
 * the message can have left. Returns the number of contacts.
 */
export const tellChanged = (now: Instant): Promise<number> =>
  inWatches(() =>
    transaction(async (tx) => {
      const changed = await changedWatches(tx, now, BATCH)
      for (const { id, key, contact, imeis, locale, reported } of changed) {
        const template = reported ? 'watch_reported' : 'watch_cleared'
        // A message names no whole IMEI.
        const params = { number: imeis.map((imei) => imei.slice(-4)).join(', ') }
        await notify(tx, { key, to: contact, template, locale, params, at: now })
        const expiresAt = addMilliseconds(now, TOLD_TIME)
        await tx.checkWatch.updateMany({ where: { id, expiresAt: { gt: expiresAt } }, data: { expiresAt } })
        await tx.checkWatch.update({ where: { id }, data: { toldAt: now }, select: { id: true } })
        const subject = { kind: 'watch', id } as const
        await audit(tx, { actor: { kind: 'system' }, act: 'check.watch_told', subject, at: now })
      }
      return changed.length
    }),
  )

/** Deletes expired watches with their contacts, codes and messages. Returns their number. */
export const forgetWatches = (now: Instant): Promise<number> =>
  inWatches(() =>
    transaction(async (tx) => {
      const over = await tx.checkWatch.findMany({
        where: { expiresAt: { lte: now } },
        orderBy: { expiresAt: 'asc' },
        take: BATCH,
        select: { id: true },
      })
      const gone = await removeWatches(
        tx,
        over.map(({ id }) => id),
      )
      for (const id of gone) {
        const subject = { kind: 'watch', id } as const
        await audit(tx, { actor: { kind: 'system' }, act: 'check.watch_erased', subject, at: now })
      }
      return gone.length
    }),
  )
