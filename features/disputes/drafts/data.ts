import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import {
  confirmedContact,
  draftTransaction,
  inDrafts,
  isConfirmed,
  type SentCodes,
} from '#features/drafts/data.ts'
import { countScreensSince, listEvidence } from '#features/evidence/files/page-data.ts'
import { isCodeLost } from '#features/notices/data.ts'
import { type DraftFields, faultsLeftIn } from '#features/reporting/fields/reader-rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash, seal, unseal, unsealForCookie, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { reachesPhones } from '#platform/sms.ts'
import type { ObjectionNumber } from '../objections/rules.ts'
import { firstMissing, type ObjectionProgress, readHolder, wordUntil } from './rules.ts'

export interface DraftContent extends SentCodes {
  readonly answers: DraftFields
}

export type ObjectionDraft = ReturnType<typeof open>

export const hashCookie = (cookie: string): Uint8Array<ArrayBuffer> => keyedHash('objection-cookie', cookie)

/** The sealing context of a draft. */
export const DRAFT_SEALED = 'objection-draft'

const DRAFT = {
  ...{ id: true, number: true, locale: true, imei: true, key14: true, word: true, wordAt: true },
  ...{ inspection: true, sealed: true, contactHash: true, dueAt: true },
  key: { select: WRAPPED_KEY },
} as const satisfies Prisma.ObjectionSelect
type DraftRow = Prisma.ObjectionGetPayload<{ select: typeof DRAFT }>

function open({ key: stored, sealed, number, ...row }: DraftRow) {
  const key = unwrap(row.id, stored)
  return {
    ...row,
    number: number as ObjectionNumber,
    key,
    content: unseal<DraftContent>(key, DRAFT_SEALED, sealed),
  }
}

const findBy = (where: Prisma.ObjectionWhereInput, now: Instant, tx: Tx): Promise<ObjectionDraft | null> =>
  inDrafts(async () => {
    const kept = { AND: [where, { state: 'draft' as const, dueAt: { gt: now } }] }
    const row = await tx.objection.findFirst({ where: kept, select: DRAFT })
    return row && open(row)
  })

const findDraft = async (cookie: string | null, now: Instant, tx: Tx = db) =>
  cookie === null ? null : findBy({ cookieHash: hashCookie(cookie) }, now, tx)

/** Locks and returns the draft of a cookie; other writers wait until the transaction ends. */
export async function lockDraft(tx: Tx, cookie: string | null, now: Instant): Promise<ObjectionDraft | null> {
  if (cookie === null) return null
  await tx.$queryRaw`SELECT 1 FROM objections WHERE cookie_hash = ${hashCookie(cookie)} FOR UPDATE`
  return findDraft(cookie, now, tx)
}

/** Finds a draft by its number if its contact is confirmed; nobody can come back to any other. */
export const findConfirmedObjection = (tx: Tx, number: ObjectionNumber, now: Instant) =>
  findBy({ number, contactHash: { not: null } }, now, tx)

/** Moves a draft to another browser; the previous one loses access. False if the draft was sent in the meantime. */
export async function giveObjectionDraft(tx: Tx, id: string, cookie: string): Promise<boolean> {
  const { count } = await tx.objection.updateMany({
    where: { id, state: 'draft' },
    data: { cookieHash: hashCookie(cookie) },
  })
  return count === 1
}

/** Saves a draft; the caller has locked it. */
export async function saveDraft(
  tx: Tx,
  { id, key }: Pick<ObjectionDraft, 'id' | 'key'>,
  {
    content,
    ...change
  }: Partial<Pick<DraftRow, 'contactHash' | 'locale' | 'inspection' | 'word' | 'wordAt'>> & {
    readonly content?: DraftContent
  },
): Promise<void> {
  const data = { ...change, ...(content && { sealed: seal(key, DRAFT_SEALED, content) }) }
  await tx.objection.update({ where: { id }, data, select: { id: true } })
}

export async function lockExpiredObjections(tx: Tx, now: Instant): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM objections WHERE state = 'draft' AND due_at <= ${now}
    ORDER BY due_at, id LIMIT 100 FOR UPDATE SKIP LOCKED`
  return rows.map(({ id }) => id)
}

export const receiptPlace = (id: string): string => `objection-receipt:${id}`

/** Returns the objection that a browser has sent with this key, and its secret; null after 24 hours. */
export async function findSentObjection(cookie: string, now: Instant, tx: Tx = db) {
  const row = await inScope(systemScope(), () =>
    tx.objection.findFirst({
      where: { cookieHash: hashCookie(cookie), sentAt: { gt: addMilliseconds(now, -24 * HOUR) } },
      select: { id: true, number: true, receiptSealed: true },
    }),
  )
  if (!row) return null
  const { receiptSealed, ...sent } = row
  return {
    ...sent,
    secret: receiptSealed && unsealForCookie<string>(cookie, receiptPlace(row.id), receiptSealed),
  }
}

/** Revokes a browser's key, for its sent objection and its draft; a code can reopen the draft. */
export async function dropReceipt(cookie: string): Promise<void> {
  await inScope(systemScope(), () =>
    db.objection.updateMany({
      where: { cookieHash: hashCookie(cookie) },
      data: { receiptSealed: null, cookieHash: null },
    }),
  )
}

/** Drops the secrets of receipts after their 24 hours; returns how many. */
export async function dropOldReceipts(now: Instant): Promise<number> {
  const { count } = await db.objection.updateMany({
    where: { receiptSealed: { not: null }, sentAt: { lte: addMilliseconds(now, -24 * HOUR) } },
    data: { receiptSealed: null, cookieHash: null },
  })
  return count
}

export const listObjectionConsents = (id: string) =>
  db.consent.findMany({
    where: { caseId: id },
    orderBy: { purpose: 'asc' },
    select: { purpose: true, version: true, at: true, withdrawnAt: true },
  })

const OFFERED = 20

export async function findDraftsByContact(tx: Tx, hash: Uint8Array<ArrayBuffer>, now: Instant) {
  const rows = await tx.objection.findMany({
    where: { contactHash: hash, OR: [{ state: { not: 'draft' } }, { dueAt: { gt: now } }] },
    select: { id: true, number: true, state: true, imei: true, createdAt: true, sentAt: true, dueAt: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: OFFERED,
  })
  return rows.map(({ number, ...row }) => ({ ...row, number: number as ObjectionNumber }))
}
export type KeptObjection = Awaited<ReturnType<typeof findDraftsByContact>>[number]

export const listObjectionsOf = (contact: Contact, now: Instant) =>
  draftTransaction((tx) => findDraftsByContact(tx, contactHash(contact), now))

export async function readObjectionDraft(cookie: string | null, now: Instant) {
  const draft = await findDraft(cookie, now)
  if (draft === null) return null
  const [progress, evidence] = await Promise.all([
    readProgress(draft, now),
    listEvidence(citizenScope(draft.id, 'full'), draft.id),
  ])
  const { number, imei, word, wordAt, inspection, content, dueAt } = draft
  const { faults } = readHolder(content.answers, now, reachesPhones())
  return {
    ...progress,
    evidence,
    number,
    imei,
    word,
    wordUntil: wordUntil(wordAt),
    inspection,
    answers: content.answers,
    faults: faultsLeftIn(content.answers, faults),
    /** The first incomplete step; `review` when the objection can be sent. */
    missing: firstMissing(progress),
    expiresAt: dueAt,
    codeSent: progress.holder !== null && content.codeSentTo === progress.holder.contact.value,
    /** True if the newest code is known not to have been sent or not to have arrived. */
    codeNotArrived: !progress.contactConfirmed && (await isCodeLost(draft.id)),
    /** The confirmed contact that can open the draft in another browser. */
    resumeWith: confirmedContact(draft),
  }
}

export async function readProgress(draft: ObjectionDraft, now: Instant, tx?: Tx): Promise<ObjectionProgress> {
  const holder = readHolder(draft.content.answers, now, reachesPhones()).value
  return {
    shown: draft.inspection || (await countScreensSince(draft.id, draft.wordAt, tx)) > 0,
    holder,
    contactConfirmed: holder !== null && isConfirmed(draft.contactHash, holder.contact),
  }
}

export async function findObjectionForEvidence(cookie: string | null, now: Instant) {
  const draft = await findDraft(cookie, now)
  return draft && { id: draft.id, key: draft.key, wordEnded: wordUntil(draft.wordAt) <= now }
}
