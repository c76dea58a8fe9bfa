import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { HANDOVER_LIFE } from '../handovers/rules.ts'
import { inPhones } from '../registrants/data.ts'
import { eraseTrusted } from '../trusted/acts.ts'
import { UNCONFIRMED_KEPT } from '../trusted/rules.ts'
import { erasePhones } from './acts.ts'
import { BEGUN_KEPT, LAPSED_KEPT, LAPSES } from './rules.ts'

const BATCH = 100

/**
 * Deletes what nobody came back to: unconfirmed lists and trusted persons, unsent forms, long lapsed or handed-over phones, and
 * old certificates. Also ends hand-overs that were not confirmed in time.
 */
export async function sweepPhones(now: Instant): Promise<number> {
  const { files, rows } = await inPhones(() =>
    transaction(async (tx) => {
      const gone = await tx.registeredPhone.findMany({
        where: {
          OR: [
            { state: 'begun', createdAt: { lte: addMilliseconds(now, -BEGUN_KEPT) } },
            { state: 'lapsed', endedAt: { lte: addMilliseconds(now, -LAPSED_KEPT) } },
            { state: 'handed_over', endedAt: { lte: addMilliseconds(now, -LAPSES) } },
          ],
        },
        select: { id: true, state: true },
        take: BATCH,
      })
      for (const { id, state } of gone)
        if (state !== 'begun')
          await audit(tx, {
            ...{ actor: { kind: 'system' }, act: 'registration.remove', at: now },
            subject: { kind: 'registration', id },
          })
      const expired = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM registrants WHERE expires_at <= ${now} ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED`
      // A list goes with its key.
      const keys = { caseId: { in: expired.map(({ id }) => id) } }
      const { count: unconfirmed } = await tx.caseKey.deleteMany({ where: keys })
      const untrusted = await tx.trustedPerson.findMany({
        where: { confirmedAt: null, askedAt: { lte: addMilliseconds(now, -UNCONFIRMED_KEPT) } },
        select: { id: true },
        take: BATCH,
      })
      await eraseTrusted(
        tx,
        untrusted.map(({ id }) => id),
        now,
      )
      const late = {
        confirmedAt: null,
        endedAt: null,
        acceptedAt: { lte: addMilliseconds(now, -HANDOVER_LIFE) },
      }
      await tx.phoneHandover.updateMany({ where: late, data: { endedAt: now } })
      const old = await tx.phoneCertificate.deleteMany({
        where: { expiresAt: { lte: addMilliseconds(now, -30 * DAY) }, handovers: { none: {} } },
      })
      const left = await erasePhones(
        tx,
        gone.map(({ id }) => id),
        now,
      )
      return { files: left, rows: gone.length + unconfirmed + untrusted.length + old.count }
    }),
  )
  await removeEvidenceFiles(files)
  return rows
}
