import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, keyedHash, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import type { SentQuestion } from '../rules/interface.ts'
import type { AskedQuestion, SimAnswer } from '../rules/question.ts'

export interface NewQuestion {
  readonly id: string
  readonly key: CaseKey
  readonly carrierId: string
  readonly msisdn: string
  readonly imei: string
  readonly askedById: string
  readonly askedAt: Instant
  readonly expiresAt: Instant
}

const place = (id: string): string => `question:${id}`

/**
 * Adds a question behind its carrier's others, or answers null where the same is open already. One that has
 * expired makes room. Raising the head locks the carrier's row until the transaction ends.
 */
export async function insertQuestion(tx: Tx, q: NewQuestion): Promise<number | null> {
  const { id, key, msisdn, ...row } = q
  const numberHash = keyedHash('question-number', `${key.caseId}\0${msisdn}`)
  const { questionHead: seq } = await tx.carrier.update({
    where: { id: q.carrierId },
    data: { questionHead: { increment: 1 } },
    select: { questionHead: true },
  })
  const same = { caseId: key.caseId, numberHash, imei: q.imei, carrierId: q.carrierId, open: true }
  await tx.carrierQuestion.updateMany({
    where: { ...same, expiresAt: { lte: q.askedAt } },
    data: { open: false },
  })
  if ((await tx.carrierQuestion.count({ where: same })) > 0) return null
  await tx.carrierQuestion.create({
    data: { ...row, ...same, id, seq, sealed: seal(key, place(id), msisdn) },
    select: { id: true },
  })
  return Number(seq)
}

/** Returns the last sequence among a carrier's questions. */
export async function questionHead(carrierId: string): Promise<number> {
  const row = await db.carrier.findUniqueOrThrow({ where: { id: carrierId }, select: { questionHead: true } })
  return Number(row.questionHead)
}

/** Returns the questions after a sequence that wait for an answer, opened, and marks them as given to their carrier. */
export async function giveQuestions(
  tx: Tx,
  carrierId: string,
  range: { readonly after: number; readonly upTo: number; readonly limit: number },
  now: Instant,
): Promise<SentQuestion[]> {
  const rows = await tx.carrierQuestion.findMany({
    where: { carrierId, open: true, seq: { gt: range.after, lte: range.upTo }, expiresAt: { gt: now } },
    orderBy: { seq: 'asc' },
    take: range.limit,
    include: { key: { select: WRAPPED_KEY } },
  })
  const unread = rows.filter((row) => row.readAt === null).map((row) => row.id)
  if (unread.length > 0) {
    await tx.carrierQuestion.updateMany({
      where: { id: { in: unread }, readAt: null },
      data: { readAt: now },
    })
  }
  return rows.map((row) => ({
    seq: Number(row.seq),
    question: row.id,
    msisdn: unseal<string>(unwrap(row.caseId, row.key), place(row.id), row.sealed),
    imei: row.imei,
    askedAt: row.askedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }))
}

export interface LockedQuestion extends AskedQuestion {
  readonly id: string
  readonly caseId: string
}

/** Returns a carrier's own questions by id, locked until the transaction ends, in order of id. */
export async function lockQuestions(
  tx: Tx,
  carrierId: string,
  questionIds: readonly string[],
): Promise<LockedQuestion[]> {
  const ids = [...questionIds]
  await tx.$queryRaw`
    SELECT 1 FROM carrier_questions WHERE id = ANY(${ids}::uuid[]) AND carrier_id = ${carrierId}
    ORDER BY id FOR UPDATE`
  return tx.carrierQuestion.findMany({
    where: { id: { in: ids }, carrierId },
    select: { id: true, caseId: true, answer: true, askedAt: true, expiresAt: true, answeredAt: true },
  })
}

export async function saveAnswer(tx: Tx, id: string, answer: SimAnswer, answeredAt: Instant): Promise<void> {
  await tx.carrierQuestion.update({
    where: { id },
    data: { answer, answeredAt, open: false },
    select: { id: true },
  })
}

export async function closeQuestions(tx: Tx, caseId: string): Promise<void> {
  await tx.carrierQuestion.updateMany({ where: { caseId, open: true }, data: { open: false } })
}

/** Keeps a query for questions inside somebody's scope over cases. */
const within = (scope: CaseScope): Prisma.CarrierQuestionWhereInput =>
  scope.kind === 'one'
    ? { caseId: scope.caseId }
    : scope.kind === 'area'
      ? { key: { case: { areaId: scope.areaId } } }
      : {}

/** Returns a case's questions with the number in each, newest first. */
export async function questionsOfCase(scope: CaseScope, caseId: string) {
  const rows = await inScope(scope, () =>
    db.carrierQuestion.findMany({
      where: { AND: [{ caseId }, within(scope)] },
      orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
      include: { key: { select: WRAPPED_KEY }, carrier: { select: { name: true } } },
    }),
  )
  return rows.map(({ key, sealed, seq: _, numberHash: __, carrier, ...row }) => ({
    ...row,
    carrierName: carrier.name,
    msisdn: unseal<string>(unwrap(caseId, key), place(row.id), sealed),
  }))
}
