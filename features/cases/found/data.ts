import '#server-only'
import { randomUUID } from 'node:crypto'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferStatement } from '#platform/deferred-writes.ts'
import { retention } from '#platform/env.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import { resealAll } from '#platform/reseal.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import { listHoldersFoundRight } from '../conflict/data.ts'
import type { CaseState } from '../record/state-rules.ts'
import type { FoundPhone, FoundRow } from './rules.ts'

/**
 * Matches phones that police already keep with a case that was just sent and has the claim on them. Police may keep such a phone
 * for nobody yet, or for a person whose block was lifted.
 */
export const matchFound = (tx: Tx, caseId: string, keys: readonly string[]): Promise<void> =>
  deferStatement(
    tx,
    Prisma.sql`UPDATE found_phones SET state = 'matched', case_id = ${caseId}::uuid, told_at = NULL
      WHERE closed_at IS NULL AND key14 = ANY(${[...keys]}::bpchar[])`,
  )

/**
 * Moves found phones to the case that has the primary claim now. A case whose block was lifted has no claim any more, but its
 * phone still waits for its person until another case has the claim, unless the block was lifted for the phone's holder.
 */
export async function followClaims(
  tx: Tx,
  of: { readonly caseId: string } | { readonly keys: readonly string[] } | { readonly addedSince: Instant },
): Promise<void> {
  const some =
    'addedSince' in of
      ? Prisma.sql`f.added_at >= ${of.addedSince}`
      : 'keys' in of
        ? Prisma.sql`f.key14 = ANY(${[...of.keys]}::bpchar[])`
        : Prisma.sql`f.key14 = ANY(ARRAY(SELECT key14 FROM case_imeis WHERE case_id = ${of.caseId}::uuid))`
  // A subquery for each phone instead of a join: after a file of thousands the planner still assumes a small table.
  const claimant = Prisma.sql`coalesce(
      (SELECT i.case_id FROM case_imeis i WHERE i.key14 = f.key14 AND i.primary_claim),
      (SELECT owner.id FROM cases owner WHERE owner.id = f.case_id AND owner.state_text = 'unblocked'
        AND owner.overturned_at IS NULL))`
  // The phone may have passed to another district's case.
  await widenScope(tx, systemScope())
  await deferStatement(
    tx,
    Prisma.sql`UPDATE found_phones f SET (case_id, told_at, state) = (
        SELECT claim.case_id, NULL::timestamptz, (CASE WHEN claim.case_id IS NULL THEN 'found' ELSE 'matched' END)::found_state
        FROM (SELECT ${claimant} AS case_id) claim)
      WHERE f.closed_at IS NULL AND ${some} AND f.case_id IS DISTINCT FROM ${claimant}`,
  )
}

export interface FoundBy {
  readonly unitId: string | null
  readonly addedById: string
  readonly addedAt: Instant
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Adds the phones that are not kept yet; returns the ids of the added ones. */
export async function insertFound(tx: Tx, phones: readonly FoundPhone[], by: FoundBy): Promise<string[]> {
  const rows = phones.map(({ foundOn, foundPlace, note, ...phone }) => {
    const id = randomUUID()
    const sealed = sealNote(id, note)
    return { ...phone, id, found_on: foundOn, place: foundPlace, note: sealed && base64(sealed) }
  })
  const added = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO found_phones (id, imei, key14, found_on, place, custody, note_sealed, unit_id, added_by_id, added_at)
    SELECT r.id, r.imei, r.key14, r.found_on, r.place, r.custody, decode(r.note, 'base64'), ${by.unitId}, ${by.addedById}::uuid, ${by.addedAt}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r
      (id uuid, imei text, key14 text, found_on date, place text, custody text, note text)
    ON CONFLICT (key14) WHERE closed_at IS NULL DO NOTHING RETURNING id`
  return added.map(({ id }) => id)
}

const RECORD = {
  id: true,
  imei: true,
  state: true,
  unitId: true,
  foundOn: true,
  place: true,
  custody: true,
  note: true,
  noteSealed: true,
  addedById: true,
  toldAt: true,
  addedAt: true,
  closedAt: true,
  case: {
    select: {
      ...{ id: true, number: true, unitId: true, state: true, held: true },
      ...{ objectedAt: true, overturnedAt: true },
    },
  },
} as const satisfies Prisma.FoundPhoneSelect

type Row = Prisma.FoundPhoneGetPayload<{ select: typeof RECORD }>
export type FoundRecord = Omit<Row, 'noteSealed'>
const opened = ({ noteSealed, ...row }: Row): FoundRecord => ({
  ...row,
  note: openNote({ ...row, noteSealed }),
})

const within = (scope: CaseScope): Prisma.FoundPhoneWhereInput =>
  scope.kind === 'unit' ? withUnits(scope) : scope.kind === 'one' ? { caseId: scope.caseId } : {}

async function first(where: Prisma.FoundPhoneWhereInput, tx: Tx = db): Promise<FoundRecord | null> {
  const row = await inScope(systemScope(), () => tx.foundPhone.findFirst({ where, select: RECORD }))
  return row && opened(row)
}

async function many(query: Omit<Prisma.FoundPhoneFindManyArgs, 'select'>): Promise<FoundRecord[]> {
  const rows = await inScope(systemScope(), () => db.foundPhone.findMany({ ...query, select: RECORD }))
  return rows.map(opened)
}

export const findFound = (scope: CaseScope, id: string, tx: Tx = db): Promise<FoundRecord | null> =>
  first({ AND: [{ id }, within(scope)] }, tx)

/** Checks whether a holder was found right about a phone, so that it may be given to them. */
export const isForHolder = ({ imei }: Pick<FoundRecord, 'imei'>): Promise<boolean> =>
  inScope(systemScope(), async () => (await listHoldersFoundRight(db, imei.slice(0, 14))).length > 0)

export const listFoundAfter = (
  scope: CaseScope,
  after: string | null,
  take: number,
): Promise<FoundRecord[]> =>
  many({
    where: within(scope),
    orderBy: [{ addedAt: 'desc' }, { id: 'desc' }],
    ...(after !== null && { cursor: { id: after }, skip: 1 }),
    take,
  })

export const findKeptByKey = (scope: CaseScope, key14: string): Promise<FoundRecord | null> =>
  first({ AND: [{ key14, closedAt: null }, within(scope)] })

export const listFoundOfCase = (caseId: string): Promise<FoundRecord[]> =>
  many({ where: { caseId }, orderBy: { addedAt: 'desc' }, take: 4 })

const BATCH = 100

/** Returns matched phones whose owner is known to police and not told yet, one page at a time in order of id. */
export const listUntoldFoundPhones = (
  owned: readonly CaseState[],
  after: string | null,
): Promise<{ id: string }[]> =>
  db.foundPhone.findMany({
    where: {
      state: 'matched',
      toldAt: null,
      case: { state: { in: [...owned] }, held: null, objectedAt: null },
      ...(after !== null && { id: { gt: after } }),
    },
    orderBy: { id: 'asc' },
    take: BATCH,
    select: { id: true },
  })

/** Deletes files that were not confirmed, and closed records at the end of their retention time. */
export async function forgetFound(now: Instant): Promise<number> {
  const closedAt = { lt: monthsBefore(now, retention().foundMonths) }
  const uploads = await db.foundUpload.deleteMany({ where: { expiresAt: { lte: now } } })
  const phones = await db.foundPhone.deleteMany({ where: { closedAt } })
  return uploads.count + phones.count
}

// A handwritten note of police on a found phone may contain personal data. It belongs to no case, so it is sealed under the
// wrapping key.

const noteOf = (id: string): string => `found-note:${id}`
const uploadOf = (id: string): string => `found-upload:${id}`

const sealNote = (id: string, note: string): Uint8Array<ArrayBuffer> | null =>
  note === '' ? null : sealFor(noteOf(id), Buffer.from(note))

/** Opens a stored note; a note from before notes were sealed is returned unchanged. */
const openNote = (row: {
  readonly id: string
  readonly note: string
  readonly noteSealed: Uint8Array | null
}): string => (row.noteSealed ? unsealFor(noteOf(row.id), row.noteSealed).toString() : row.note)

/**
 * Reseals the next notes after `after` that are under another wrapping key than the present one, or under none. Returns the phone
 * of the last one; null if there was none.
 */
export async function resealNotesAfter(tx: Tx, after: string, limit: number): Promise<string | null> {
  const version = keyWrapper.version()
  const rows = await tx.$queryRaw<{ id: string; note: string; noteSealed: Uint8Array | null }[]>`
    SELECT id, note, note_sealed AS "noteSealed" FROM found_phones
    WHERE id > ${after}::uuid AND (note <> '' OR substr(note_sealed, 1, 4) <> int4send(${version}::integer))
    ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE`
  const ids = rows.map(({ id }) => id)
  const sealed = rows.map((row) => sealNote(row.id, openNote(row)))
  await tx.$executeRaw`UPDATE found_phones f SET note = '', note_sealed = n.sealed
    FROM unnest(${ids}::uuid[], ${sealed}::bytea[]) n (id, sealed) WHERE f.id = n.id`
  return ids.at(-1) ?? null
}

interface Upload {
  readonly id: string
  readonly rows: readonly FoundRow[]
}

const seal = (id: string, rows: Upload['rows']) => sealFor(uploadOf(id), Buffer.from(JSON.stringify(rows)))
const open = (id: string, sealed: Uint8Array): Upload['rows'] =>
  JSON.parse(unsealFor(uploadOf(id), sealed).toString()) as Upload['rows']

export const insertUpload = (
  tx: Tx,
  { id, rows, ...by }: Upload & { readonly addedById: string; readonly expiresAt: Instant },
) => tx.foundUpload.createMany({ data: [{ ...by, id, sealed: seal(id, rows) }], skipDuplicates: true })

export async function findUpload(
  id: string,
  addedById: string,
  now: Instant,
  tx: Tx = db,
): Promise<Upload | null> {
  const row = await tx.foundUpload.findFirst({
    where: { id, addedById, expiresAt: { gt: now } },
    select: { sealed: true },
  })
  return row && { id, rows: open(id, row.sealed) }
}

/** Reseals every file under the present wrapping key; returns whether there was none to reseal. */
export const resealUploads = (tx: Tx): Promise<boolean> =>
  resealAll(tx.foundUpload, (id, sealed) => seal(id, open(id, sealed)))
