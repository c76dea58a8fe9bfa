import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { numberPlace } from '../consents/data.ts'
import { type AlertOutcome, alertType, type SentAlert } from './rules.ts'

export async function findAlertHead(receiverId: string): Promise<number> {
  const row = await db.alertReceiver.findUniqueOrThrow({
    where: { id: receiverId },
    select: { head: true },
  })
  return Number(row.head)
}

/** The `source` of every event: this site. */
export const source = (): string => env().PUBLIC_URL ?? 'urn:an-tam'

/**
 * Returns the alerts of a range as their receiver reads them. Omits the number once the consent was withdrawn or the case was
 * erased.
 */
export async function openAlerts(
  tx: Tx,
  receiverId: string,
  range: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<(SentAlert & { readonly isNew: boolean })[]> {
  const rows = await tx.bankAlert.findMany({
    where: { receiverId, seq: { gt: range.after, lte: range.upTo } },
    orderBy: { seq: 'asc' },
    take: range.limit,
    include: {
      consent: {
        select: { id: true, caseId: true, sealed: true, withdrawnAt: true, key: { select: WRAPPED_KEY } },
      },
    },
  })
  return rows.map((row) => {
    const { consent } = row
    const isTold = consent.sealed !== null && consent.withdrawnAt === null
    return {
      specversion: '1.0',
      id: row.id,
      source: source(),
      type: alertType(row.event),
      ...(consent.sealed !== null &&
        isTold && {
          subject: unseal<string>(
            unwrap(consent.caseId, consent.key),
            numberPlace(consent.id),
            consent.sealed,
          ),
        }),
      time: row.at.toISOString(),
      datacontenttype: 'application/json',
      sequence: String(row.seq),
      data: {
        case: consent.id,
        verified: { contact: row.contact, number: row.number, ownership: row.ownership },
      },
      isNew: row.givenAt === null,
    }
  })
}

export interface LockedAlert {
  readonly id: string
  readonly consentId: string
  readonly caseId: string
  readonly outcome: AlertOutcome | null
  readonly outcomeAt: Instant | null
}

/** Returns the receivers that may be due for a push. They are few, so a scan is fine. */
export async function duePushes(now: Instant): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM alert_receivers
    WHERE url IS NOT NULL AND state = 'live' AND head > pushed_seq
      AND (next_try_at IS NULL OR next_try_at <= ${now}) AND (lease_until IS NULL OR lease_until <= ${now})
    ORDER BY id`
  return rows.map(({ id }) => id)
}

/** Returns cases with a consent for which nothing was sent yet, the newest first. */
export const casesUnsent = (since: Instant, limit: number): Promise<string[]> =>
  inScope(systemScope(), async () => {
    const rows = await db.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT ON (c.given_at, c.case_id) c.case_id::text AS id FROM alert_consents c
      WHERE c.withdrawn_at IS NULL AND c.not_subscriber_at IS NULL AND c.sealed IS NOT NULL AND c.given_at >= ${since}
        AND NOT EXISTS (SELECT FROM bank_alerts a WHERE a.consent_id = c.id)
      ORDER BY c.given_at DESC, c.case_id LIMIT ${limit}`
    return [...new Set(rows.map(({ id }) => id))]
  })
