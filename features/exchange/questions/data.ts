import '#server-only'
import type { ChosenImei } from '#features/cases/imeis/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { IdKind } from '#lib/person/national-id.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, keyedHash, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import { ASKABLE_CARRIER, findActiveCarriers } from '../carriers/data.ts'
import type { SentQuestion } from '../interface/rules.ts'
import {
  type AskedCarrier,
  CARRIER_QUESTION_KINDS,
  type CarrierQuestion,
  type CarrierQuestionKind,
  type NumberQuestion,
} from './rules.ts'

const place = (id: string): string => `question:${id}`
export const answerPlace = (id: string): string => `answer:${id}`

interface Subscriber {
  readonly idKind: IdKind
  readonly idNumber: string
}

/**
 * The content of a question besides its number: an IMEI of 15 digits, or the presumed subscriber. A `notify_holder` question has
 * no number.
 */
export type QuestionAbout =
  | { readonly kind: 'number_in_imei'; readonly imei: string }
  | { readonly kind: 'notify_holder'; readonly imei: string; readonly text: string }
  | { readonly kind: Exclude<NumberQuestion, 'number_in_imei'>; readonly subscriber: Subscriber }

/** The sealed part of a question that names a subscriber; for one about an IMEI only the number is sealed. */
interface SealedLookup {
  readonly msisdn: string
  readonly subscriber: Subscriber
}

const unsealNumber = (
  key: CaseKey,
  row: { readonly id: string; readonly kind: CarrierQuestionKind; readonly sealed: Uint8Array },
) =>
  row.kind === 'number_in_imei' || row.kind === 'notify_holder'
    ? unseal<string>(key, place(row.id), row.sealed)
    : unseal<SealedLookup>(key, place(row.id), row.sealed).msisdn

const unsealImeis = (key: CaseKey, row: { readonly id: string; readonly sealedAnswer: Uint8Array | null }) =>
  row.sealedAnswer && unseal<readonly string[]>(key, answerPlace(row.id), row.sealedAnswer)

const hashOf = ({ caseId }: CaseKey, msisdn: string) => keyedHash('question-number', `${caseId}\0${msisdn}`)

/** Checks whether a carrier has confirmed a case's person as the subscriber of a number, by their id number. */
export const isOwnNumber = async (tx: Tx, key: CaseKey, msisdn: string): Promise<boolean> =>
  (await tx.carrierQuestion.count({
    where: {
      ...{ caseId: key.caseId, numberHash: hashOf(key, msisdn) },
      OR: [
        { kind: 'imei_of_number', answer: 'imeis' },
        { kind: 'subscriber_of_number', answer: 'yes' },
      ],
    },
  })) > 0

/**
 * Appends a question to its carrier's sequence; null if the same one is open already. An expired one does not count as open.
 * Raising the head locks the carrier's row until the transaction ends.
 */
export async function insertQuestion(
  tx: Tx,
  q: {
    readonly id: string
    readonly key: CaseKey
    readonly carrierId: string
    readonly msisdn: string
    readonly about: QuestionAbout
    readonly askedById: string | null
    readonly askedAt: Instant
    readonly expiresAt: Instant
  },
): Promise<number | null> {
  const { id, key, msisdn, about, ...row } = q
  const { kind } = about
  const imei = 'imei' in about ? about.imei : null
  const asked: string | SealedLookup =
    about.kind === 'notify_holder'
      ? about.text
      : about.kind === 'number_in_imei'
        ? msisdn
        : { msisdn, subscriber: about.subscriber }
  const numberHash = hashOf(key, msisdn)
  const { questionHead: seq } = await tx.carrier.update({
    where: { id: q.carrierId },
    data: { questionHead: { increment: 1 } },
    select: { questionHead: true },
  })
  const same = { caseId: key.caseId, numberHash, imei, carrierId: q.carrierId, open: true }
  await tx.carrierQuestion.updateMany({
    where: { ...same, expiresAt: { lte: q.askedAt } },
    data: { open: false },
  })
  if ((await tx.carrierQuestion.count({ where: same })) > 0) return null
  await tx.carrierQuestion.create({
    data: { ...row, ...same, kind, id, seq, sealed: seal(key, place(id), asked) },
    select: { id: true },
  })
  return Number(seq)
}

export async function findQuestionHead(carrierId: string): Promise<number> {
  const row = await db.carrier.findUniqueOrThrow({ where: { id: carrierId }, select: { questionHead: true } })
  return Number(row.questionHead)
}

/** Returns the unanswered questions after a sequence, decrypted, and marks them as given. */
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
  return rows.map((row) => {
    const key = unwrap(row.caseId, row.key)
    const of = { seq: Number(row.seq), question: row.id }
    const when = { askedAt: row.askedAt.toISOString(), expiresAt: row.expiresAt.toISOString() }
    if (row.kind === 'number_in_imei')
      return { ...of, kind: row.kind, msisdn: unsealNumber(key, row), imei: row.imei ?? '', ...when }
    if (row.kind === 'notify_holder')
      return { ...of, kind: row.kind, imei: row.imei ?? '', text: unsealNumber(key, row), ...when }
    const { msisdn, subscriber } = unseal<SealedLookup>(key, place(row.id), row.sealed)
    return { ...of, kind: row.kind, msisdn, subscriber, ...when }
  })
}

export interface LockedQuestion extends CarrierQuestion {
  readonly id: string
  readonly caseId: string
  readonly key: CaseKey
}

/** Locks a carrier's own questions until the transaction ends, in order of id, and returns them. */
export async function lockQuestions(
  tx: Tx,
  carrierId: string,
  questionIds: readonly string[],
): Promise<LockedQuestion[]> {
  const ids = [...questionIds]
  await tx.$queryRaw`
    SELECT 1 FROM carrier_questions WHERE id = ANY(${ids}::uuid[]) AND carrier_id = ${carrierId}
    ORDER BY id FOR UPDATE`
  const rows = await tx.carrierQuestion.findMany({
    where: { id: { in: ids }, carrierId },
    select: {
      id: true,
      caseId: true,
      kind: true,
      answer: true,
      sealedAnswer: true,
      askedAt: true,
      expiresAt: true,
      answeredAt: true,
      open: true,
      key: { select: WRAPPED_KEY },
    },
  })
  return rows.map(({ key: wrapped, sealedAnswer, ...row }) => {
    const key = unwrap(row.caseId, wrapped)
    const forgotten = row.answer === 'imeis' && sealedAnswer === null
    return { ...row, key, imeis: forgotten ? null : (unsealImeis(key, { ...row, sealedAnswer }) ?? []) }
  })
}

/** A question that was taken back without an answer does not count as asked. */
const ASKED = { OR: [{ open: true }, { answer: { not: null } }] } satisfies Prisma.CarrierQuestionWhereInput

export const findCarriersAsked = (tx: Tx, caseId: string): Promise<AskedCarrier[]> =>
  tx.carrierQuestion.findMany({
    where: { ...ASKED, caseId, kind: 'imei_of_number' },
    select: { carrierId: true, answer: true },
  })

/** Returns the carriers that were asked for the subscriber of a case's number, with their answers. */
export const findCarriersAskedWhose = (tx: Tx, key: CaseKey, msisdn: string): Promise<AskedCarrier[]> =>
  tx.carrierQuestion.findMany({
    where: {
      ...{ ...ASKED, caseId: key.caseId, numberHash: hashOf(key, msisdn) },
      kind: { in: ['imei_of_number', 'subscriber_of_number'] },
    },
    select: { carrierId: true, answer: true },
  })

export const hasUnreleased = async (tx: Tx, caseId: string): Promise<boolean> =>
  (await tx.carrierQuestion.findFirst({
    where: { caseId, sealedAnswer: { not: null }, releasedAt: null },
    select: { id: true },
  })) !== null

/**
 * Returns an IMEI that a carrier named in a case; null if there is none, or if `releasedOnly` and the reporter has not been shown
 * it.
 */
export async function findNamedImei(
  tx: Tx,
  caseId: string,
  { question: id, at }: ChosenImei,
  releasedOnly: boolean,
): Promise<string | null> {
  const where = { id, caseId, ...(releasedOnly && { releasedAt: { not: null } }) }
  const select = { id: true, sealedAnswer: true, key: { select: WRAPPED_KEY } }
  const row = await tx.carrierQuestion.findFirst({ where, select })
  return (row && unsealImeis(unwrap(caseId, row.key), row)?.[at]) ?? null
}

export async function releaseAnswers(tx: Tx, caseId: string, at: Instant): Promise<void> {
  await tx.carrierQuestion.updateMany({
    where: { caseId, sealedAnswer: { not: null }, releasedAt: null },
    data: { releasedAt: at },
  })
}

/** Deletes the phones that carriers have named; the fact that they answered stays. */
export async function forgetAnswers(tx: Tx, caseId: string): Promise<void> {
  await tx.carrierQuestion.updateMany({
    where: { caseId, sealedAnswer: { not: null } },
    data: { sealedAnswer: null },
  })
}

/** Withdraws a case's open questions of some kinds: no carrier is given them from now on. */
export async function closeQuestions(
  tx: Tx,
  caseId: string,
  kinds: readonly CarrierQuestionKind[] = CARRIER_QUESTION_KINDS,
): Promise<void> {
  const where = { caseId, open: true, kind: { in: [...kinds] } }
  await tx.carrierQuestion.updateMany({ where, data: { open: false } })
}

const within = (scope: CaseScope): Prisma.CarrierQuestionWhereInput =>
  scope.kind === 'one'
    ? { caseId: scope.caseId }
    : scope.kind === 'unit'
      ? { key: { case: withUnits(scope) } }
      : {}

export async function listQuestions(scope: CaseScope, caseId: string) {
  const rows = await inScope(scope, () =>
    db.carrierQuestion.findMany({
      where: { AND: [{ caseId, kind: { not: 'notify_holder' } }, within(scope)] },
      orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
      include: { key: { select: WRAPPED_KEY }, carrier: { select: { name: true } } },
    }),
  )
  return rows.map(({ key: wrapped, sealed, sealedAnswer, seq: _, numberHash: __, carrier, ...row }) => {
    const key = unwrap(caseId, wrapped)
    return {
      ...row,
      kind: row.kind as NumberQuestion,
      carrierName: carrier.name,
      msisdn: unsealNumber(key, { ...row, sealed }),
      imeis: unsealImeis(key, { ...row, sealedAnswer }) ?? [],
    }
  })
}

export type CaseQuestion = Awaited<ReturnType<typeof listQuestions>>[number]

export const carriersToAsk = () =>
  db.carrier.findMany({
    where: ASKABLE_CARRIER,
    orderBy: { ordinal: 'asc' },
    select: { id: true, name: true },
  })

/** Returns the ids of all active carriers, also of those on paper, which cannot be asked. */
export const carriersIn = findActiveCarriers

/** Returns the questions whether a number was in a phone, and their answers, for some keys, the newest first. */
export async function findAnswersTo(caseIds: readonly string[], tx: Tx = db) {
  if (caseIds.length === 0) return []
  const rows = await tx.carrierQuestion.findMany({
    where: { caseId: { in: [...caseIds] }, kind: 'number_in_imei' },
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    select: {
      ...{ caseId: true, carrierId: true, askedAt: true, expiresAt: true },
      ...{ answer: true, answeredAt: true, open: true, carrier: { select: { name: true } } },
    },
  })
  return rows.map(({ carrier, ...row }) => ({ ...row, carrierName: carrier.name }))
}
