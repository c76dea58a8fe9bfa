import '#server-only'
import type { WithdrawalReason } from '#features/ratings/rules/withdrawal.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

/** The subject of an act that takes two people. */
export type RequestSubject = { readonly exclusionId: string } | { readonly reportId: string }

export interface SurveyRequest extends WithdrawalReason {
  readonly id: string
  readonly exclusionId: string | null
  readonly reportId: string | null
  readonly askedById: string
  readonly askedAt: Instant
}

const select = {
  id: true,
  exclusionId: true,
  reportId: true,
  reasonVi: true,
  reasonEn: true,
  askedById: true,
  askedAt: true,
} as const

/** Returns the request about a subject that is not decided yet; null where there is none. */
export const openRequest = (subject: RequestSubject): Promise<SurveyRequest | null> =>
  db.surveyRequest.findFirst({ where: { ...subject, state: 'asked' }, select })

/** Returns the undecided requests, the longest open first. */
export const openRequests = (take: number): Promise<SurveyRequest[]> =>
  db.surveyRequest.findMany({ where: { state: 'asked' }, orderBy: { askedAt: 'asc' }, take, select })

/** Locks what a request is about until the transaction ends; false where the act is not possible any more. */
export async function lockSubject(tx: Tx, subject: RequestSubject): Promise<boolean> {
  const locked =
    'exclusionId' in subject
      ? await tx.$queryRaw<unknown[]>`
          SELECT FROM survey_exclusions WHERE id = ${subject.exclusionId}::uuid AND reversed_at IS NULL FOR UPDATE`
      : await tx.$queryRaw<unknown[]>`
          SELECT FROM survey_reports WHERE id = ${subject.reportId}::uuid
            AND published_at IS NOT NULL AND withdrawn_at IS NULL FOR UPDATE`
  return locked.length === 1
}

/** Writes a request; false where one about the same subject is open already. Call it with the subject locked. */
export async function insertRequest(
  tx: Tx,
  id: string,
  subject: RequestSubject,
  { reasonVi, reasonEn }: WithdrawalReason,
  { askedById, askedAt }: { readonly askedById: string; readonly askedAt: Instant },
): Promise<boolean> {
  if ((await tx.surveyRequest.count({ where: { ...subject, state: 'asked' } })) > 0) return false
  await tx.surveyRequest.create({
    data: { id, ...subject, reasonVi, reasonEn, askedById, askedAt },
    select: { id: true },
  })
  return true
}

/** Locks an undecided request until the transaction ends; null where it is decided or unknown. */
export async function lockRequest(tx: Tx, id: string): Promise<SurveyRequest | null> {
  await tx.$queryRaw`SELECT id FROM survey_requests WHERE id = ${id}::uuid FOR UPDATE`
  return tx.surveyRequest.findFirst({ where: { id, state: 'asked' }, select })
}

export async function closeRequest(
  tx: Tx,
  id: string,
  state: 'confirmed' | 'dropped',
  { decidedById, decidedAt }: { readonly decidedById: string; readonly decidedAt: Instant },
): Promise<void> {
  await tx.surveyRequest.update({
    where: { id },
    data: { state, decidedById, decidedAt },
    select: { id: true },
  })
}

/** Returns whether anybody but one person could confirm what that person asks. */
export async function hasAnotherManager(id: string): Promise<boolean> {
  const others = await db.staffAccount.count({
    where: { role: 'survey_manager', active: true, totpSecret: { not: null }, id: { not: id } },
    take: 1,
  })
  return others > 0
}
