import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { blindIndexes } from '#platform/crypto.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { contactsInForce, writtenAlike } from '../contacts/rules.ts'
import { CONTESTABLE, movesThat } from '../moves/rules.ts'
import { type CaseFile, openCaseFile } from '../particulars/data.ts'
import type { Contact } from '../particulars/rules.ts'
import { CASE_SNAPSHOT, toSnapshot } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES, statesThat } from '../record/state-rules.ts'

const FINDING_MATCH = movesThat((rule) => rule.evidence === 'matches')

/**
 * Returns the condition that a person found the proof of a case to match its claim on one of these numbers: at a decision
 * since it was last rejected. A number that stands on no paper is no proven claim, though the case has a number that does.
 * A case that was verified without answers about its numbers is proven whole.
 *
 * @param c the name of the case's row
 * @param keys null: on any of its numbers
 */
const isProven = (c: Prisma.Sql, keys: readonly string[] | null): Prisma.Sql => {
  const found = (answered: Prisma.Sql) => Prisma.sql`EXISTS (
    SELECT FROM proof_check_imeis found JOIN proof_checks p USING (case_id, seq)
    WHERE found.case_id = ${c}.id AND found.answer = 'yes' AND p.move = ANY(${FINDING_MATCH}::text[])
      AND p.decided_at > coalesce(${c}.rejected_at, '-infinity') ${answered})`
  const onThese = keys && found(Prisma.sql`AND found.key14 = ANY(${[...keys]}::bpchar[])`)
  const onAny = found(Prisma.empty)
  return Prisma.sql`(${onThese ?? onAny} OR ${c}.state_text = ANY(${OWNED_STATES}::text[]) AND NOT ${onAny})`
}
const OWNED_STATES = [...statesThat(({ owned }) => owned)]
const ACTIVE = [...ACTIVE_STATES]

/** Returns those of some cases whose proof a person found to match; on one of these phones, where they are named. */
export async function listProven(
  caseIds: readonly string[],
  keys: readonly string[] | null,
  tx: Tx = db,
): Promise<ReadonlySet<string>> {
  if (caseIds.length === 0) return new Set()
  const rows = await rawQuery<{ id: string }>(
    tx,
    Prisma.sql`SELECT c.id FROM cases c WHERE c.id = ANY(${[...caseIds]}::uuid[]) AND ${isProven(Prisma.sql`c`, keys)}`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Returns the other cases on these phones that can be contested and whose proof a person found to match on one of them. */
async function listProvenRivals(tx: Tx, caseId: string, keys: readonly string[]): Promise<string[]> {
  const rows = await rawQuery<{ id: string }>(
    tx,
    Prisma.sql`
      SELECT c.id FROM cases c WHERE c.id <> ${caseId}::uuid AND c.state_text = ANY(${[...CONTESTABLE]}::text[])
        AND c.id IN (SELECT case_id FROM case_imeis WHERE key14 = ANY(${[...keys]}::bpchar[]))
        AND ${isProven(Prisma.sql`c`, keys)}
      ORDER BY c.id`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Returns what other claims on these phones mean for a decision on a case: whether one is proven, and whether carriers
 * were told to block a phone on the word of another.
 */
export const readRivalStanding = async (tx: Tx, caseId: string, keys: readonly string[]) => ({
  rivalProven: (await listProvenRivals(tx, caseId, keys)).length > 0,
  blockedElsewhere: await isBlockedElsewhere(caseId, keys, tx),
})

/** Tells whether carriers were told to block one of these phones on the word of another case. */
export async function isBlockedElsewhere(
  caseId: string,
  keys: readonly string[],
  tx: Tx = db,
): Promise<boolean> {
  const where = { caseId: { not: caseId }, key14: { in: [...keys] }, isPublic: true }
  return (await tx.caseImei.count({ where, take: 1 })) > 0
}

/** Returns those of these phones on which no other case has the primary claim. */
export async function freeKeys(tx: Tx, caseId: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const taken = await rawQuery<{ key14: string }>(
    tx,
    // Each by itself: PostgreSQL plans a list anew each time, which takes longer than to look.
    Prisma.sql`SELECT key14 FROM case_imeis
      WHERE key14 IN (${Prisma.join(keys)}) AND primary_claim AND case_id <> ${caseId}::uuid`,
  )
  return keys.filter((key) => !taken.some(({ key14 }) => key14 === key))
}

export interface ActiveCase {
  readonly id: string
  readonly number: string
  /** It has the contact, and not the id number alone. */
  readonly ofContact: boolean
  readonly onPhone: boolean
  /** It was sent by its person, and nobody has found its proof to match yet. */
  readonly unproven: boolean
}

interface Person {
  /** None of a person whom nothing reaches, who was filed for at the desk. */
  readonly contacts: readonly Contact[]
  readonly nationalId: string
}

const indexesOf = ({ contacts, nationalId }: Person) => ({
  contacts: contacts.map((contact) =>
    writtenAlike(contact).flatMap((written) => blindIndexes('contact', written)),
  ),
  nationalId: blindIndexes('national_id', nationalId),
})

/**
 * Returns the active cases of a person's contacts or id number, the newest first. In a transaction, one sender at a time comes
 * through for each of these until it ends. Records of police are left out: nobody confirmed a contact there.
 */
async function listCasesOfPerson(
  person: Person,
  keys: readonly string[],
  tx: Tx | null,
): Promise<ActiveCase[]> {
  const { contacts, nationalId } = indexesOf(person)
  const locks = [...contacts, nationalId].flatMap(([hash]) =>
    hash && tx ? [Buffer.from(hash).readBigInt64BE()] : [],
  )
  // Always in the same order, so that nobody waits in a circle.
  const inOrder = locks.toSorted((a, b) => (a < b ? -1 : 1)).map(String)
  const named = await rawQuery<{ id: string; ofContact: boolean }>(
    tx ?? db,
    Prisma.sql`SELECT id, of_contact AS "ofContact"
      FROM lock_claimant(${inOrder}::bigint[], ${contacts.flat()}::bytea[], ${nationalId}::bytea[])`,
  )
  // Most people report once: the statement below, which PostgreSQL plans through six tables' scopes, is not for them.
  if (named.length === 0) return []
  const ofContact = named.flatMap((one) => (one.ofContact ? [one.id] : []))
  return rawQuery<ActiveCase>(
    tx ?? db,
    Prisma.sql`
      SELECT c.id, c.number, c.id = ANY(${ofContact}::uuid[]) AS "ofContact",
        EXISTS (SELECT FROM case_imeis i WHERE i.case_id = c.id AND i.key14 = ANY(${[...keys]}::bpchar[])) AS "onPhone",
        c.filed_by_id IS NULL AND NOT ${isProven(Prisma.sql`c`, null)} AS unproven
      FROM cases c
      WHERE c.id = ANY(${named.map(({ id }) => id)}::uuid[]) AND c.state_text = ANY(${ACTIVE}::text[]) AND c.source_hash IS NULL
      ORDER BY c.submitted_at DESC, c.id`,
  )
}

/**
 * Returns the other cases on these phones that can be contested and whose proof nobody found to match on any of them. One
 * that is blocked by another number of its own is among them.
 */
export async function listUnprovenRivals(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
): Promise<CaseSnapshot[]> {
  const proven = await listProvenRivals(tx, caseId, keys)
  const rows = await tx.case.findMany({
    where: {
      id: { notIn: [caseId, ...proven] },
      state: { in: [...CONTESTABLE] },
      imeis: { some: { key14: { in: [...keys] } } },
      // Who was told before and has nothing left to lose is not told again.
      OR: [
        { imeis: { some: { key14: { in: [...keys] }, primaryClaim: true } } },
        { events: { none: { move: 'outproven' } } },
      ],
    },
    orderBy: { id: 'asc' },
    select: CASE_SNAPSHOT,
  })
  return rows.map(toSnapshot)
}

/**
 * Locks a case and all active cases on its phones until the transaction ends, always in the order of their ids: of two
 * decisions on one phone the later one sees the earlier.
 */
export async function lockClaims(tx: Tx, caseId: string, keys: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM cases WHERE id = ${caseId}::uuid OR (state_text = ANY(${ACTIVE}::text[])
      AND id IN (SELECT case_id FROM case_imeis WHERE key14 = ANY(${[...keys]}::bpchar[])))
    ORDER BY id FOR UPDATE`
}

/**
 * Returns the cases that a case stands against: those on its phones whose proof a person found to match, and those that
 * are held over one of them. `held` narrows to the latter.
 */
export async function findOpposingCases(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  held: boolean,
): Promise<CaseSnapshot[]> {
  const proven = held ? [] : await listProvenRivals(tx, caseId, keys)
  const rows = await tx.case.findMany({
    where: {
      id: { not: caseId },
      state: { in: ACTIVE },
      imeis: { some: { key14: { in: [...keys] } } },
      OR: [{ held: 'conflict' }, { id: { in: proven } }],
    },
    orderBy: { id: 'asc' },
    select: CASE_SNAPSHOT,
  })
  return rows.map(toSnapshot)
}

/** Returns those of these phones that carriers have been told to block on the word of one of these cases. */
export async function listBlockedKeys(
  tx: Tx,
  caseIds: readonly string[],
  keys: readonly string[],
): Promise<string[]> {
  const rows = await tx.caseImei.findMany({
    where: { caseId: { in: [...caseIds] }, key14: { in: [...keys] }, isPublic: true },
    select: { key14: true },
  })
  return [...new Set(rows.map(({ key14 }) => key14))]
}

/** Returns the cases within a scope that are held because of another case's claim. */
export const listHeldWith = (
  scope: CaseScope,
  caseId: string,
  keys: readonly string[],
): Promise<CaseSnapshot[]> => inScope(scope, () => findOpposingCases(db, caseId, keys, true))

/**
 * Returns a case's opponents, locked with the case itself until the transaction ends. Waits for the transactions that
 * hold one of them, and reads what they leave.
 */
export async function lockOpponents(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  held: boolean,
): Promise<CaseSnapshot[]> {
  const ids = [caseId, ...(await findOpposingCases(tx, caseId, keys, held)).map(({ id }) => id)]
  await tx.$queryRaw`SELECT 1 FROM cases WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  return findOpposingCases(tx, caseId, keys, held)
}

/**
 * Returns what a person who is about to send a report has already: the newest active case on one of these phones with
 * the same confirmed contact, and whether they have as many cases without a found proof as they may. Of the same person
 * one sender at a time comes through, until the transaction ends. Reads no case of anybody else.
 *
 * @returns `full` where they may have no more of those without a found proof ({@link MOST_UNPROVEN})
 */
export async function findOwnClaims(
  tx: Tx,
  person: { readonly contact: Contact | null; readonly nationalId: string },
  keys: readonly string[],
  now: Instant,
): Promise<{ readonly onPhone: ActiveCase | null; readonly full: boolean }> {
  const { contact, nationalId } = person
  const contacts = contact ? [contact] : []
  const cases = await listCasesOfPerson({ contacts, nationalId }, keys, tx)
  return {
    onPhone: await reachedBy(cases, contacts, now, tx),
    full:
      cases.filter((one) => one.unproven).length >=
      Math.max(1, Math.floor(MOST_UNPROVEN * env().LIMIT_SCALE)),
  }
}

/**
 * Returns the active case on one of the phones of a case that is over, where both have a contact in force in common: its
 * person has reported the phone anew. Null where there is none.
 */
export async function findReportedAnew(
  { particulars }: Pick<CaseFile, 'particulars'>,
  keys: readonly string[],
  now: Instant,
  tx: Tx | null,
): Promise<ActiveCase | null> {
  const contacts = contactsInForce(particulars, now)
  const cases = await listCasesOfPerson({ contacts, nationalId: particulars.nationalId }, keys, tx)
  return reachedBy(cases, contacts, now, tx)
}

/** Returns the newest of a person's cases on a phone that one of these contacts is told of. */
async function reachedBy(
  cases: readonly ActiveCase[],
  contacts: readonly Contact[],
  now: Instant,
  tx: Tx | null,
): Promise<ActiveCase | null> {
  const typed = contacts.flatMap(writtenAlike)
  for (const one of cases.filter(({ ofContact, onPhone }) => ofContact && onPhone)) {
    const { particulars } = await openCaseFile({ id: one.id }, tx ?? undefined)
    // A second contact that still waits leads nobody.
    const own = contactsInForce(particulars, now).flatMap(writtenAlike)
    if (typed.some((written) => own.includes(written))) return one
  }
  return null
}

/**
 * The active cases that one person may have whose proof nobody has found to match yet, by contact or id number. The desk
 * at a police station takes further ones, since an officer sees there who it is.
 */
const MOST_UNPROVEN = 3
