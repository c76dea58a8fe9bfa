import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { matchFound } from '../found/data.ts'
import type { Particulars } from '../particulars/rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'

export type NewCase = Omit<Prisma.CaseUncheckedCreateInput, 'imeis' | 'sealed' | 'earlierId'>
export interface NewImei {
  readonly imei: string
  readonly key14: string
}

/**
 * Adds a case with its phones, linked to the newest closed case on one of the phones.
 *
 * @param claimed keys of the phones that it has the primary claim on; if another case has one by then, the whole transaction
 * fails
 */
export async function insertCase(
  tx: Tx,
  key: CaseKey,
  row: NewCase,
  particulars: Particulars,
  imeis: readonly NewImei[],
  claimed: readonly string[],
): Promise<void> {
  const keys = imeis.map(({ key14 }) => key14)
  const earlierId = earlierCase(keys)
  await deferInsert(tx, 'cases', [{ ...row, earlierId, sealed: seal(key, 'particulars', particulars) }])
  const phones = imeis.map((imei, at) => ({
    ...{ caseId: key.caseId, ...imei, ordinal: at + 1 },
    primaryClaim: claimed.includes(imei.key14),
  }))
  if (phones.length > 0) await deferInsert(tx, 'case_imeis', phones)
  await matchFound(tx, key.caseId, claimed)
}

/**
 * Adds phones to a case. Links it to the newest closed case on one of them, unless it is linked already. Claims none of them yet.
 */
export async function addCasePhones(tx: Tx, caseId: string, imeis: readonly NewImei[]): Promise<void> {
  // A number may have been taken off; the others keep their places.
  const last = await tx.caseImei.findFirst({ where: { caseId }, orderBy: { ordinal: 'desc' } })
  const after = last?.ordinal ?? 0
  const data = imeis.map((imei, at) => ({ caseId, ...imei, ordinal: after + at + 1, primaryClaim: false }))
  await tx.caseImei.createMany({ data })
  const keys = imeis.map(({ key14 }) => key14)
  await tx.$executeRaw`
    UPDATE cases SET earlier_id = coalesce(earlier_id, ${earlierCase(keys)}) WHERE id = ${caseId}::uuid`
}

const earlierCase = (keys: readonly string[]): Prisma.Sql => Prisma.sql`(
    SELECT c.id FROM cases c JOIN case_imeis i ON i.case_id = c.id
    WHERE i.key14 = ANY(${[...keys]}::bpchar[]) AND c.state::text NOT IN (${Prisma.join([...ACTIVE_STATES])})
    ORDER BY c.submitted_at DESC LIMIT 1)`
