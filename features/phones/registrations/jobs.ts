import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { isCaseOf, listReportedSince } from '#features/cases/imeis/data.ts'
import { endDevicesBefore } from '#features/push/acts.ts'
import { addMilliseconds, DAY, type Instant, MINUTE } from '#lib/time.ts'
import { sameBytes } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { findRegistrant, inPhones } from '../registrants/data.ts'
import { tell } from './acts.ts'
import { imeiHash, openPhone } from './data.ts'
import { LAPSES } from './rules.ts'

const BATCH = 100

/** Runs work on each phone in its own transaction; a failure is logged and does not stop the others. */
async function forEach(
  phones: readonly { readonly id: string }[],
  signal: AbortSignal | undefined,
  work: (tx: Tx, id: string) => Promise<void>,
): Promise<void> {
  for (const { id } of phones) {
    if (signal?.aborted) return
    try {
      await inPhones(() => transaction((tx) => work(tx, id)))
    } catch (err) {
      log().error({ err, registration: id }, 'a registered phone could not be looked after')
    }
  }
}

/** Asks holders once a year whether they still have a phone that they have not confirmed since. */
export async function askYearly(now: Instant, signal?: AbortSignal): Promise<void> {
  const due = await inPhones(() =>
    transaction(
      (tx) => tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM registered_phones
      WHERE state = 'registered' AND kept_at <= ${addMilliseconds(now, -365 * DAY)} AND asked_at IS NULL
      ORDER BY kept_at LIMIT ${BATCH}`,
    ),
  )
  await forEach(due, signal, async (tx, id) => {
    const { count } = await tx.registeredPhone.updateMany({
      where: { id, state: 'registered', askedAt: null },
      data: { askedAt: now },
    })
    const phone = count === 0 ? null : await openPhone(id, tx)
    const registrant = phone && (await findRegistrant(phone.registrantId, tx))
    if (!phone || !registrant) return
    const until = addMilliseconds(phone.keptAt, LAPSES).toISOString()
    await tell(tx, registrant, 'phones_still_yours', phone.content, now, { until })
  })
}

/** Ends registrations that were not confirmed for two years. */
export async function lapse(now: Instant, signal?: AbortSignal): Promise<void> {
  const due = await inPhones(() =>
    transaction(
      (tx) => tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM registered_phones WHERE state = 'registered' AND kept_at <= ${addMilliseconds(now, -LAPSES)}
      ORDER BY kept_at LIMIT ${BATCH}`,
    ),
  )
  await forEach(due, signal, async (tx, id) => {
    const { count } = await tx.registeredPhone.updateMany({
      where: { id, state: 'registered', keptAt: { lte: addMilliseconds(now, -LAPSES) } },
      data: { state: 'lapsed', endedAt: now },
    })
    if (count === 0) return
    await audit(tx, {
      ...{ actor: { kind: 'system' }, act: 'registration.lapse', at: now },
      subject: { kind: 'registration', id },
    })
  })
}

/** How long a report is considered after it was sent, or got a further number. */
const LOOKED_AT = 3 * DAY

/**
 * Tells registrants that somebody else has reported their phone: once per report, without saying who. Only if they, or the person
 * who handed the phone over to them, registered it before the loss that the reporter states. So a seller who claims an earlier
 * loss cannot keep the buyer from being heard, and a thief is not warned.
 */
export const warnRegistrants = async (now: Instant, signal?: AbortSignal): Promise<void> => {
  const reports = await inPhones(() => listReportedSince(addMilliseconds(now, -LOOKED_AT)))
  const keys = [...new Set(reports.flatMap(({ imeis }) => imeis.map(({ key14 }) => key14)))]
  if (keys.length === 0) return
  const inUse = {
    where: { hash: { in: keys.map(imeiHash) }, phone: { state: 'registered' } },
    select: {
      hash: true,
      phone: {
        select: {
          ...{ id: true, registeredAt: true, reportId: true },
          received: { select: { phone: { select: { registeredAt: true } } } },
        },
      },
    },
  } as const
  const found = await inPhones(() => transaction((tx) => tx.registeredImei.findMany(inUse)))
  for (const { id: caseId, incidentAt, submittedAt, imeis } of reports) {
    // Incident times are whole minutes.
    const lostAt = addMilliseconds(incidentAt, MINUTE)
    const hashes = imeis.map(({ key14 }) => imeiHash(key14))
    const ids = found
      .filter(({ hash }) => hashes.some((own) => sameBytes(own, hash)))
      .flatMap(({ phone: { id, reportId, registeredAt, received } }) => {
        const since = received?.phone?.registeredAt ?? registeredAt
        return registeredAt !== null && since !== null && since < lostAt && reportId !== caseId ? [id] : []
      })
    const phones = [...new Set(ids)].map((id) => ({ id }))
    await forEach(phones, signal, async (tx, id) => {
      const phone = await openPhone(id, tx)
      const registrant = phone && (await findRegistrant(phone.registrantId, tx))
      if (!phone || !registrant) return
      if (await isCaseOf(caseId, registrant.contacts, tx))
        return endDevicesBefore(tx, registrant.id, submittedAt, now)
      const data = [{ phoneId: id, caseId, toldAt: now }]
      const { count } = await tx.phoneWarning.createMany({ data, skipDuplicates: true })
      if (count === 0) return
      await tell(tx, registrant, 'phones_reported', phone.content, now)
      await audit(tx, {
        ...{ actor: { kind: 'system' }, act: 'registration.warn', caseId, at: now },
        subject: { kind: 'registration', id },
      })
    })
  }
}

export const jobs: readonly Job[] = [
  { queue: 'phone-warnings', schedule: '*/2 * * * *', run: (_, now, signal) => warnRegistrants(now, signal) },
  {
    queue: 'phone-years',
    schedule: '23 9 * * *',
    run: async (_, now, signal) => {
      await askYearly(now, signal)
      await lapse(now, signal)
    },
  },
]
