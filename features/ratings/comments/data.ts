import '#server-only'
import type { CommentReview, Prisma, SurveyComment } from '#generated/prisma/client.ts'
import type { AgencyVoiceScope, VoiceScope } from '#lib/access/scope.ts'
import { type Instant, TIME_ZONE } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

/** The states of review in which an agency reads a released comment. */
const READABLE = ['clear', 'passed'] as const satisfies CommentReview[]

/** Returns the condition for the comments within a scope. It is defined only here. */
const within = (scope: VoiceScope): Prisma.SurveyCommentWhereInput =>
  scope.kind === 'city' ? {} : { agencyId: scope.agencyId, released: true, review: { in: [...READABLE] } }

export const COMMENT_STATES = ['open', 'answered'] as const
export type CommentState = (typeof COMMENT_STATES)[number]
const IN_STATE = { open: { replyId: null }, answered: { replyId: { not: null } } } as const

/** A position in a list: newest month first, then by random id, so that the order hides which comment came last. */
export interface CommentKey {
  readonly month: Date
  readonly id: string
}

/** Returns one agency's comments after a position in their list. A null state means any state, a null month any month. */
export function listCommentsAfter(
  scope: VoiceScope,
  agencyId: string,
  state: CommentState | null,
  after: CommentKey | null,
  take: number,
  month: Date | null = null,
): Promise<SurveyComment[]> {
  return db.surveyComment.findMany({
    where: {
      AND: [
        within(scope),
        { agencyId, ...(month !== null && { receivedMonth: month }) },
        state === null ? {} : IN_STATE[state],
        after === null
          ? {}
          : {
              receivedMonth: { lte: after.month },
              OR: [{ receivedMonth: { lt: after.month } }, { id: { gt: after.id } }],
            },
      ],
    },
    orderBy: [{ receivedMonth: 'desc' }, { id: 'asc' }],
    take,
  })
}

export function findComments(
  scope: VoiceScope,
  ids: readonly string[],
  tx: Tx = db,
): Promise<SurveyComment[]> {
  return tx.surveyComment.findMany({
    where: { AND: [within(scope), { id: { in: [...ids] } }] },
    orderBy: [{ receivedMonth: 'desc' }, { id: 'asc' }],
  })
}

/** Stores the results of examining comments, except for those examined meanwhile. */
export async function recordMaskingResult(
  tx: Tx,
  found: readonly { readonly id: string; readonly review: 'clear' | 'doubtful' }[],
  today: string,
): Promise<void> {
  for (const review of ['clear', 'doubtful'] as const) {
    const ids = found.filter((one) => one.review === review).map(({ id }) => id)
    if (ids.length === 0) continue
    await tx.surveyComment.updateMany({
      where: { id: { in: ids }, review: 'unexamined' },
      data: { review, ...(review === 'doubtful' && { heldOn: new Date(today) }) },
    })
  }
}

/** Links open comments to the reply that answers them. Returns false unless all of them are the agency's and still open. */
export async function answerComments(
  tx: Tx,
  scope: AgencyVoiceScope,
  ids: readonly string[],
  replyId: string,
): Promise<boolean> {
  // Locked in one order, so that two people who answer some of the same comments cannot deadlock.
  await tx.$queryRaw`SELECT id FROM survey_comments WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`
  const { count } = await tx.surveyComment.updateMany({
    where: { AND: [within(scope), { id: { in: [...ids] }, replyId: null }] },
    data: { replyId },
  })
  return count === ids.length
}

export async function countTexts(agencyId?: string) {
  const rows = await db.surveyComment.groupBy({
    by: ['agencyId', 'questionnaireVersion', 'question'],
    where: { ...(agencyId !== undefined && { agencyId }), released: true, question: { not: null } },
    _count: { _all: true },
    orderBy: { questionnaireVersion: 'asc' },
  })
  return rows.map(({ agencyId, questionnaireVersion: version, question, _count }) => ({
    ...{ agencyId, version, question: question ?? '', answers: _count._all },
  }))
}

/** Deletes up to 500 comments received, or released, in a month that ended before an instant. Returns how many. */
export const forgetComments = (before: Instant): Promise<number> => db.$executeRaw`
  DELETE FROM survey_comments WHERE id IN (
    SELECT id FROM survey_comments
    WHERE received_month < date_trunc('month', ${before}::timestamptz AT TIME ZONE ${TIME_ZONE})::date LIMIT 500)`
