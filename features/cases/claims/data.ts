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
 * Returns the condition that a person found the proof of a case to match its claim on one of these numbers, at a decision since
 * the case was last rejected. A number that is on no paper is not proven, even if another number of the case is. A case that was
 * verified without answers about its numbers is proven whole.
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

/** Returns the cases among these whose proof a person found to match. With `keys`, it must match on one of these phones. */
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
 * Returns the facts about other claims on these phones that a decision needs: whether one is proven, and whether carriers were
 * told to block a phone for another case.
 */
export const readRivalStanding = async (tx: Tx, caseId: string, keys: readonly string[]) => ({
  rivalProven: (await listProvenRivals(tx, caseId, keys)).length > 0,
  blockedElsewhere: await isBlockedElsewhere(caseId, keys, tx),
})

/** Tells whether carriers were told to block one of these phones for another case. */
export async function isBlockedElsewhere(
  caseId: string,
  keys: readonly string[],
  tx: Tx = db,
): Promise<boolean> {
  const where = { caseId: { not: caseId }, key14: { in: [...keys] }, isPublic: true }
  return (await tx.caseImei.count({ where, take: 1 })) > 0
}

/** Returns the phones among these on which no other case has the primary claim. */
export async function freeKeys(tx: Tx, caseId: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const taken = await rawQuery<{ key14: string }>(
    tx,
    // One parameter per key: with a list PostgreSQL plans the query anew each time, which takes longer than the look-up.
    Prisma.sql`SELECT key14 FROM case_imeis
      WHERE key14 IN (${Prisma.join(keys)}) AND primary_claim AND case_id <> ${caseId}::uuid`,
  )
  return keys.filter((key) => !taken.some(({ key14 }) => key14 === key))
}

export interface ActiveCase {
  readonly id: string
  readonly number: string
  /** The case has the person's contact, and not only their id number. */
  readonly ofContact: boolean
  readonly onPhone: boolean
  /** The person sent it themselves, and nobody has found its proof to match yet. */
  readonly unproven: boolean
}

interface Person {
  /** Empty for a person without a contact, for whom the desk filed the case. */
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
 * Returns the active cases that have one of a person's contacts or their id number, the newest first. In a transaction, each of
 * these is locked until the end, so that one sender at a time gets through. Records of police are left out: nobody confirmed a
 * contact there.
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
  // Always in the same order, to avoid deadlocks.
  const inOrder = locks.toSorted((a, b) => (a < b ? -1 : 1)).map(String)
  const named = await rawQuery<{ id: string; ofContact: boolean }>(
    tx ?? db,
    Prisma.sql`SELECT id, of_contact AS "ofContact"
      FROM lock_claimant(${inOrder}::bigint[], ${contacts.flat()}::bytea[], ${nationalId}::bytea[])`,
  )
  // Most people report once, so they skip the statement below, which PostgreSQL plans through the scopes of six tables.
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
 * Returns the other cases on these phones that can be contested and whose proof nobody found to match on any of them. A case that
 * is blocked by another of its own numbers is included.
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
      // A case that was told before and has no claim left to lose is not told again.
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
 * Locks a case and all active cases on its phones until the transaction ends, always in the order of their ids. So the later of
 * two decisions on one phone sees the earlier one.
 */
export async function lockClaims(tx: Tx, caseId: string, keys: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT 1 FROM cases WHERE id = ${caseId}::uuid OR (state_text = ANY(${ACTIVE}::text[])
      AND id IN (SELECT case_id FROM case_imeis WHERE key14 = ANY(${[...keys]}::bpchar[])))
    ORDER BY id FOR UPDATE`
}

/**
 * Returns the opponents of a case: the cases on its phones whose proof a person found to match, and the cases held over one of
 * these phones. With `held`, only the latter.
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

/** Returns the phones among these that carriers were told to block for one of these cases. */
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

/** Returns the cases within a scope that are held in a conflict with a case. */
export const listHeldWith = (
  scope: CaseScope,
  caseId: string,
  keys: readonly string[],
): Promise<CaseSnapshot[]> => inScope(scope, () => findOpposingCases(db, caseId, keys, true))

/**
 * Locks a case and its opponents until the transaction ends, and returns the opponents. Waits for transactions that hold one of
 * them, and reads the state that these leave.
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
 * Returns the claims of a person who is about to send a report. `onPhone` is the newest active case on one of these phones with
 * the same confirmed contact. `full`: the person may send no more cases without a found proof ({@link MOST_UNPROVEN}). One sender
 * per person gets through at a time, until the transaction ends. Reads no case of anybody else.
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
 * Returns the active case in which the person of an ended case has reported its phone anew: it has the phone and a contact in
 * force in common with the ended case. Null if there is none.
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

/** Returns the newest of these cases on the phone that has one of these contacts in force. */
async function reachedBy(
  cases: readonly ActiveCase[],
  contacts: readonly Contact[],
  now: Instant,
  tx: Tx | null,
): Promise<ActiveCase | null> {
  const typed = contacts.flatMap(writtenAlike)
  for (const one of cases.filter(({ ofContact, onPhone }) => ofContact && onPhone)) {
    const { particulars } = await openCaseFile({ id: one.id }, tx ?? undefined)
    // A second contact that is not in force yet does not count.
    const own = contactsInForce(particulars, now).flatMap(writtenAlike)
    if (typed.some((written) => own.includes(written))) return one
  }
  return null
}

/**
 * The number of active cases without a found proof that one person may have, by contact or id number. The desk of a police
 * station takes further ones, because an officer sees there who the person is.
 */
const MOST_UNPROVEN = 3
