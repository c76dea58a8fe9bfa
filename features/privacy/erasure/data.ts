import '#server-only'
import { OVER_STATES } from '#features/cases/record/state-rules.ts'
import { orderInForce } from '#features/exchange/case-orders/data.ts'
import { NOTHING_OPEN, openColumns } from '#features/reporting/fields/columns-rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { LOST_LEGAL_HOLD, readLegalHold } from '../legal-holds/data.ts'
import type { Ties } from './rules.ts'

/** Somewhere among the cases that are over: they stand by the time since when, then id. */
export interface CasePlace {
  readonly stateSince: Instant
  readonly id: string
}

// The rule itself is asked again for each case that is erased (acts.ts).
const NOT_HELD = Prisma.sql`NOT EXISTS (SELECT FROM legal_holds h WHERE h.case_id = c.id AND h.lifted_at IS NULL)
  AND NOT ${LOST_LEGAL_HOLD}`
// Written out, as the partial indexes `cases_over…` have it.
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

/** Returns the cases whose files' time is up, the oldest first: of rejected ones, or of all others. */
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
 * Returns the cases whose erasure was granted. Each waits until the message that says so has left, for it is
 * sealed under the key that goes; `patience` is when that wait ends.
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
 * Destroys a case's key and everything that is, or leads to, its person. What is left is the skeleton: number,
 * states, dates, area, kind of incident, who of the staff did what, its orders. Consents stay, as proof, with nobody
 * in them.
 */
export async function destroyPersonalData(tx: Tx, caseId: string): Promise<void> {
  const where = { caseId }
  // A transaction that writes something under the key at this moment is refused, or this one waits for it.
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
  // That it was agreed to, and what was sent, stays; under which number goes.
  await tx.alertConsent.updateMany({ where, data: { sealed: null, numberHash: null } })
  await tx.bankAlert.updateMany({ where: { consent: where }, data: { numberHash: null } })
  await tx.caseImei.deleteMany({ where })
  // Nobody can show papers for it any more.
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
