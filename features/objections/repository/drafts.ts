import '#server-only'
import type { DraftFields } from '#features/reporting/rules/draft-fields.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, keyedHash, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx, transaction } from '#platform/db.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { ObjectionNumber } from '../rules/number.ts'

/** The sealed content of an objection that is not sent yet. */
export interface DraftContent {
  readonly answers: DraftFields
  /** The contact that a code was last sent to. */
  readonly codeSentTo: string | null
}

/** An objection that is not sent yet, opened. */
export interface ObjectionDraft {
  readonly id: string
  readonly number: ObjectionNumber
  readonly key: CaseKey
  readonly locale: string
  readonly imei: string
  readonly key14: string
  readonly word: string
  readonly wordAt: Instant
  readonly inspection: boolean
  readonly content: DraftContent
  /** The hash of the contact that answered its code. */
  readonly contactHash: Uint8Array<ArrayBuffer> | null
  readonly dueAt: Instant
}

export const cookieHash = (cookie: string): Uint8Array<ArrayBuffer> => keyedHash('objection-cookie', cookie)

const SEALED = 'objection-draft'

const DRAFT = {
  id: true,
  number: true,
  locale: true,
  imei: true,
  key14: true,
  word: true,
  wordAt: true,
  inspection: true,
  sealed: true,
  contactHash: true,
  dueAt: true,
  key: { select: WRAPPED_KEY },
} as const satisfies Prisma.ObjectionSelect
type DraftRow = Prisma.ObjectionGetPayload<{ select: typeof DRAFT }>

function open({ key: stored, sealed, number, ...row }: DraftRow): ObjectionDraft {
  const key = unwrap(row.id, stored)
  return {
    ...row,
    number: number as ObjectionNumber,
    key,
    content: unseal<DraftContent>(key, SEALED, sealed),
  }
}

/** Runs one transaction on drafts: they are of no district, and their cookie is what they are found by. */
export const draftTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  inDrafts(() => transaction(work))

/** Does the same for work that begins its transaction itself. */
export const inDrafts = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

const ofBrowser = (cookie: string, now: Instant) => ({
  cookieHash: cookieHash(cookie),
  state: 'draft' as const,
  dueAt: { gt: now },
})

/** Returns the draft that a browser writes, or null. */
export async function findDraft(cookie: string, now: Instant, tx: Tx = db): Promise<ObjectionDraft | null> {
  const row = await inScope(systemScope(), () =>
    tx.objection.findFirst({ where: ofBrowser(cookie, now), select: DRAFT }),
  )
  return row && open(row)
}

/** Returns the same draft for changing it: others who want to change it wait until the transaction ends. */
export async function lockDraft(tx: Tx, cookie: string, now: Instant): Promise<ObjectionDraft | null> {
  await tx.$queryRaw`SELECT 1 FROM objections WHERE cookie_hash = ${cookieHash(cookie)} FOR UPDATE`
  return findDraft(cookie, now, tx)
}

/** Returns the draft with a number, if its contact has been confirmed: only then can anybody come back to it. */
export async function findConfirmed(
  tx: Tx,
  number: ObjectionNumber,
  now: Instant,
): Promise<ObjectionDraft | null> {
  const where = { number, state: 'draft', contactHash: { not: null }, dueAt: { gt: now } } as const
  const row = await tx.objection.findFirst({ where, select: DRAFT })
  return row && open(row)
}

export interface NewDraft {
  readonly key: CaseKey
  readonly stored: WrappedKey
  readonly number: ObjectionNumber
  readonly cookie: string
  readonly locale: string
  readonly imei: string
  readonly key14: string
  readonly word: string
  readonly now: Instant
  readonly dueAt: Instant
}

export async function insertDraft(tx: Tx, { key, stored, cookie, now, ...row }: NewDraft): Promise<void> {
  await tx.caseKey.create({
    data: { caseId: key.caseId, ...stored, createdAt: now },
    select: { caseId: true },
  })
  await tx.objection.create({
    data: {
      ...row,
      id: key.caseId,
      state: 'draft',
      cookieHash: cookieHash(cookie),
      wordAt: now,
      sealed: seal(key, SEALED, { answers: {}, codeSentTo: null } satisfies DraftContent),
      createdAt: now,
    },
    select: { id: true },
  })
}

export interface DraftChange {
  readonly content?: DraftContent
  readonly contactHash?: Uint8Array<ArrayBuffer> | null
  readonly locale?: string
  readonly inspection?: boolean
  readonly word?: { readonly text: string; readonly at: Instant }
}

/** Gives a draft to another browser; the browser that had it loses it. False where the draft was sent meanwhile. */
export async function handOver(tx: Tx, id: string, cookie: string): Promise<boolean> {
  const { count } = await tx.objection.updateMany({
    where: { id, state: 'draft' },
    data: { cookieHash: cookieHash(cookie) },
  })
  return count === 1
}

/** Writes a draft that is locked. */
export async function saveDraft(
  tx: Tx,
  { id, key }: Pick<ObjectionDraft, 'id' | 'key'>,
  { content, word, ...change }: DraftChange,
): Promise<void> {
  await tx.objection.update({
    where: { id },
    data: {
      ...change,
      ...(content && { sealed: seal(key, SEALED, content) }),
      ...(word && { word: word.text, wordAt: word.at }),
    },
    select: { id: true },
  })
}

/** Deletes drafts past their time with their keys; answers their ids. */
export async function removeExpiredDrafts(tx: Tx, now: Instant): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM objections WHERE state = 'draft' AND due_at <= ${now}
    ORDER BY due_at, id LIMIT 100 FOR UPDATE SKIP LOCKED`
  const ids = rows.map(({ id }) => id)
  await tx.caseKey.deleteMany({ where: { caseId: { in: ids }, case: null } })
  return ids
}
