import '#server-only'
import { OVER_STATES } from '#features/cases/record/state-rules.ts'
import { orderInForce } from '#features/exchange/case-orders/data.ts'
import { NOTHING_OPEN, openColumns } from '#features/reporting/fields/columns-rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { LOST_LEGAL_HOLD, readLegalHold } from '../legal-holds/data.ts'
import type { Ties } from './rules.ts'

export interface CasePlace {
  readonly stateSince: Instant
  readonly id: string
}

// A first filter only: `eraseOne` checks the rule again for each case (acts.ts).
const NOT_HELD = Prisma.sql`NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.lifted_at IS NULL)
  AND NOT ${LOST_LEGAL_HOLD}`
// As literals, to match the partial indexes `cases_over…`.
const OVER = Prisma.raw(`c.state IN (${OVER_STATES.map((state) => `'${state}'`).join(', ')})`)
const behind = (after: CasePlace | null): Prisma.Sql =>
  after
    ? Prisma.sql`AND (c.state_since, c.id) > (${after.stateSince}::timestamptz, ${after.id}::uuid)`
    : Prisma.empty

export const listCasesOver = (
  before: Instant,
  after: CasePlace | null,
  limit: number,
): Promise<CasePlace[]> =>
  db.$queryRaw<CasePlace[]>`
    SELECT c.id, c.state_since AS "stateSince" FROM cases c
    WHERE c.erased_at IS NULL AND ${OVER} AND c.state_since <= ${before} AND ${NOT_HELD} ${behind(after)}
    ORDER BY c.state_since, c.id LIMIT ${limit}`

/** Returns cases whose files are past their retention time, oldest first: rejected ones, or all others. */
export const listEvidenceOver = (
  kind: 'rejected' | 'closed',
  before: Instant,
  after: CasePlace | null,
  limit: number,
): Promise<CasePlace[]> =>
  db.$queryRaw<CasePlace[]>`
    SELECT c.id, c.state_since AS "stateSince" FROM cases c
    WHERE c.erased_at IS NULL AND c.evidence_erased_at IS NULL AND ${OVER}
      AND (c.state = 'rejected') = ${kind === 'rejected'} AND c.state_since <= ${before}
      AND ${NOT_HELD} ${behind(after)}
    ORDER BY c.state_since, c.id LIMIT ${limit}`

/**
 * Returns cases whose erasure was granted. Each waits until its queued messages are sent, because they are sealed under the key
 * to be destroyed. A request decided before `patience` waits no longer.
 */
export const listGrantedErasures = (patience: Instant, limit: number): Promise<{ id: string }[]> =>
  db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM data_requests r JOIN cases c ON c.id = r.case_id
    WHERE r.kind = 'erase' AND r.state = 'granted' AND c.erased_at IS NULL AND ${NOT_HELD}
      AND (r.decided_at <= ${patience}
        OR NOT EXISTS (SELECT FROM notices n WHERE n.case_id = c.id AND n.state = 'queued'))
    ORDER BY r.decided_at, r.id LIMIT ${limit}`

const NOTHING = new Uint8Array()

/**
 * Destroys a case's key and everything that identifies its person or leads to them. A skeleton remains: number, states, dates,
 * area, kind of incident, acts of the staff, and orders. Consents remain as proof, without the person.
 */
export async function destroyPersonalData(tx: Tx, caseId: string): Promise<void> {
  const where = { caseId }
  // Concurrent writes under the key are refused, or this transaction waits for them.
  await tx.$queryRaw`SELECT 1 FROM case_keys WHERE case_id = ${caseId}::uuid FOR UPDATE`
  await tx.caseKey.update({ where, data: { wrapped: NOTHING }, select: { caseId: true } })
  await tx.blindIndex.deleteMany({ where })
  await tx.contactCode.deleteMany({ where })
  await tx.notice.deleteMany({ where })
  await tx.pushDevice.deleteMany({ where })
  await tx.holderNotice.deleteMany({ where })
  await tx.recovery.deleteMany({ where })
  await tx.shopLead.deleteMany({ where })
  await tx.carrierQuestion.deleteMany({ where })
  await tx.sighting.deleteMany({ where })
  // The consent and what was sent remain as proof; the phone number goes.
  await tx.alertConsent.updateMany({ where, data: { sealed: null, numberHash: null } })
  await tx.bankAlert.updateMany({ where: { consent: where }, data: { numberHash: null } })
  await tx.caseImei.deleteMany({ where })
  // Without the case nobody can show papers for the phone, so it has no owner again.
  await tx.foundPhone.updateMany({
    where: { caseId, closedAt: null },
    data: { caseId: null, toldAt: null, state: 'found' },
  })
  await tx.dataRequest.deleteMany({ where })
  await tx.identityCase.deleteMany({ where })
  await tx.caseEvent.updateMany({ where, data: { sealed: null } })
  await tx.caseSession.updateMany({ where, data: { flash: null } })
  await tx.case.update({
    where: { id: caseId },
    data: {
      sealed: NOTHING,
      ...openColumns(NOTHING_OPEN),
      tacManufacturer: null,
      tacModel: null,
      receiptSealed: null,
      receiptCookieHash: null,
      receiptUntil: null,
      unheardSeq: null,
    },
    select: { id: true },
  })
}

export async function readTies(caseId: string, tx?: Tx): Promise<Ties> {
  const { hold, isLost } = await readLegalHold(caseId, tx)
  return {
    legalHold: hold !== null || isLost,
    orderInForce: await orderInForce(caseId, tx),
  }
}
