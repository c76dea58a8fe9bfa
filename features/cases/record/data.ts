import '#server-only'
import { cache } from 'react'
import type { ConsentPurpose } from '#features/reporting/steps/consents-rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import { followClaims } from '../found/data.ts'
import type { Transition } from '../moves/transition-rules.ts'
import { SNAPSHOT_FIELDS } from './rules.ts'
import type { CaseSnapshot } from './snapshot-rules.ts'

export function writeCaseScope(scope: CaseScope): Prisma.CaseWhereInput {
  switch (scope.kind) {
    case 'one':
      return { id: scope.caseId }
    case 'unit':
      return scope.lent ? { OR: [withUnits(scope), { id: { in: [...scope.lent] } }] } : withUnits(scope)
    case 'city':
    case 'system':
      return {}
  }
}

const { primaryClaim: _, imeiUnknown: __, ...COLUMNS } = SNAPSHOT_FIELDS

export const CASE_SNAPSHOT = {
  ...COLUMNS,
  imeis: { select: { primaryClaim: true } },
} as const satisfies Prisma.CaseSelect

const hasClaim = (imeis: readonly { readonly primaryClaim: boolean }[]): boolean =>
  imeis.length > 0 && imeis.every(({ primaryClaim }) => primaryClaim)

export function toSnapshot({
  imeis,
  unblockReason,
  ...row
}: Prisma.CaseGetPayload<{ select: typeof CASE_SNAPSHOT }>): CaseSnapshot {
  return {
    ...row,
    unblockReason: unblockReason as CaseSnapshot['unblockReason'],
    primaryClaim: hasClaim(imeis),
    imeiUnknown: imeis.length === 0,
  }
}

/** Returns what a decision depends on, or null if the case is missing or outside the scope: both look the same to the caller. */
export async function findCase(scope: CaseScope, by: Sought, tx: Tx = db): Promise<CaseSnapshot | null> {
  return inScope(scope, () => (tx === db ? findOnPage(by, scope) : findIn(tx, by, scope)))
}

type Sought = { readonly number: string } | { readonly id: string }

async function findIn(tx: Tx, by: Sought, scope: CaseScope): Promise<CaseSnapshot | null> {
  const row = await tx.case.findFirst({ where: { AND: [by, writeCaseScope(scope)] }, select: CASE_SNAPSHOT })
  return row && toSnapshot(row)
}

/** Caches the cases that a page has found, by scope, each by its number and its id. */
const foundOnPage = cache((_scope: string) => new Map<string, Promise<CaseSnapshot | null>>())

async function findOnPage(by: Sought, scope: CaseScope): Promise<CaseSnapshot | null> {
  const found = foundOnPage(JSON.stringify(scope))
  const asked = 'id' in by ? by.id : by.number
  const finding = found.get(asked) ?? findIn(db, by, scope)
  found.set(asked, finding)
  const c = await finding
  if (c) found.set(c.id, finding)
  return c
}

/** Returns the keys of a case's phones in their order, without opening the case. */
export async function listPhoneKeys(caseId: string, tx: Tx = db): Promise<string[]> {
  const select = { key14: true } as const
  const rows = await tx.caseImei.findMany({ where: { caseId }, orderBy: { ordinal: 'asc' }, select })
  return rows.map(({ key14 }) => key14)
}

export const findLocale = async (caseId: string, tx: Tx = db): Promise<string> =>
  (await tx.case.findFirstOrThrow({ where: { id: caseId }, select: { locale: true } })).locale

/** Checks whether the case's person gave a consent, in any version of its words, and has not withdrawn it. */
export const hasConsent = async (caseId: string, purpose: ConsentPurpose, tx: Tx = db): Promise<boolean> =>
  (await tx.consent.count({ where: { caseId, purpose, withdrawnAt: null } })) > 0

export const listConsents = cache((caseId: string) =>
  db.consent.findMany({
    where: { caseId },
    orderBy: { purpose: 'asc' },
    select: { purpose: true, version: true, at: true, withdrawnAt: true },
  }),
)

/** Checks whether an optional consent was ever given, even if withdrawn since. If not, it can still be given. */
export const wasConsentGiven = async (
  caseId: string,
  purpose: ConsentPurpose,
  tx: Tx = db,
): Promise<boolean> => (await tx.consent.count({ where: { caseId, purpose } })) > 0

/**
 * Writes a permitted change, unless the case has changed since it was read. Returns whether the case now has the claim on its
 * phone; undefined if that is unchanged.
 *
 * @param phones keys of the phones whose claim it releases or whose listing it changes; absent: all
 */
export async function saveCase(
  tx: Tx,
  caseId: string,
  change: Transition,
  phones?: readonly string[],
): Promise<'changed' | { readonly hasClaim: boolean | undefined }> {
  const { count } = await tx.case.updateMany({
    where: { id: caseId, version: change.version },
    data: { ...change.set, version: { increment: 1 } },
  })
  if (count === 0) return 'changed'
  if (change.claim === 'release') await setImeis(tx, caseId, { primaryClaim: false }, phones)
  const gained = change.claim === 'gain' ? await takeFreeClaims(tx, caseId) : false
  if (change.claim !== 'keep') await followClaims(tx, { caseId })
  if (change.listed !== undefined) await setImeis(tx, caseId, { isPublic: change.listed }, phones)
  return { hasClaim: change.claim === 'keep' ? undefined : gained }
}

/**
 * Gives a case the claim on each of its IMEIs that no other case claims. If another takes one at the same moment, the partial
 * unique index refuses it, and the whole transaction fails.
 */
async function takeFreeClaims(tx: Tx, caseId: string): Promise<boolean> {
  // The other case may belong to another district.
  await widenScope(tx, systemScope())
  const imeis = await tx.$queryRaw<{ primaryClaim: boolean }[]>`
    UPDATE case_imeis i SET primary_claim = NOT EXISTS (
      SELECT FROM case_imeis o WHERE o.key14 = i.key14 AND o.primary_claim AND o.case_id <> i.case_id)
    WHERE i.case_id = ${caseId}::uuid RETURNING i.primary_claim AS "primaryClaim"`
  return hasClaim(imeis)
}

export async function unlist(tx: Tx, caseId: string, imeis: readonly string[]): Promise<void> {
  await tx.caseImei.updateMany({ where: { caseId, imei: { in: [...imeis] } }, data: { isPublic: false } })
}

const setImeis = (
  tx: Tx,
  caseId: string,
  data: { primaryClaim: boolean } | { isPublic: boolean },
  phones?: readonly string[],
) => tx.caseImei.updateMany({ where: { caseId, ...(phones && { key14: { in: [...phones] } }) }, data })

export const readStatedPhone = (
  caseId: string,
  tx: Tx = db,
): Promise<{ readonly brand: string; readonly model: string; readonly colour: string }> =>
  tx.case.findFirstOrThrow({ where: { id: caseId }, select: { brand: true, model: true, colour: true } })

export async function lockCase(tx: Tx, id: string): Promise<void> {
  // FOR NO KEY UPDATE still lets others add rows that point to the case.
  await tx.$queryRaw`SELECT 1 FROM cases WHERE id = ${id}::uuid FOR NO KEY UPDATE`
}
