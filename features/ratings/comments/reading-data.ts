import '#server-only'
import { findAgenciesUpTo, findAgencyVersions } from '#features/agencies/data.ts'
import type { Agency } from '#features/agencies/rules.ts'
import { firstDay } from '#features/results/rules.ts'
import type { SurveyComment } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { voiceScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { mask, type Stretch, stretches } from '../masking/rules.ts'
import { COMMENTS_MOST } from '../replies/rules.ts'
import { type CommentKey, type CommentState, findComments, listCommentsAfter } from './data.ts'
import { type CommentFilter, matches, NO_FILTER, readsWords } from './rules.ts'

export { COMMENT_STATES, type CommentKey, type CommentState } from './data.ts'

const PAGE = COMMENTS_MOST
/** Counts stop here and show "or more", so that their cost does not grow with the comments. */
export const COUNTED = 100

/** A comment as its agency reads it: also masked by rule, as a person who masks by hand may miss something. */
export interface AgencyComment {
  readonly id: string
  readonly receivedMonth: Date
  readonly text: string
  readonly questionnaireVersion: number
  readonly question: string | null
  readonly replyId: string | null
}

const forAgency = (row: SurveyComment): AgencyComment => ({
  id: row.id,
  receivedMonth: row.receivedMonth,
  text: mask(row.masked ?? row.text),
  questionnaireVersion: row.questionnaireVersion,
  question: row.question,
  replyId: row.replyId,
})

interface Page<T> {
  readonly rows: readonly T[]
  readonly next: CommentKey | null
}

function pageOf(rows: readonly SurveyComment[]): Page<SurveyComment> {
  const page = rows.slice(0, PAGE)
  const last = page.at(-1)
  return { rows: page, next: rows.length > PAGE && last ? { month: last.receivedMonth, id: last.id } : null }
}

/** The most comments read for one search request: masking takes about a millisecond each. */
const READ_MOST = 400
const PIECE = 50

/** Returns a page of an agency's comments for its viewers. A search reads up to `READ_MOST` at a time; `read`: how many. */
export async function listAgencyComments(
  actor: StaffActor,
  state: CommentState,
  after: CommentKey | null,
  filter: CommentFilter = NO_FILTER,
): Promise<(Page<AgencyComment> & { readonly read: number | null }) | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return null
  const month = filter.month && firstDay(filter.month)
  const next = (from: CommentKey | null, take: number) =>
    listCommentsAfter(scope, scope.agencyId, state, from, take, month)
  if (!readsWords(filter)) {
    const page = pageOf(await next(after, PAGE + 1))
    return { rows: page.rows.map(forAgency), next: page.next, read: null }
  }
  const found: AgencyComment[] = []
  let [at, read] = [after, 0]
  while (read < READ_MOST) {
    const piece = await next(at, PIECE)
    for (const row of piece) {
      const comment = forAgency(row)
      read += 1
      at = { month: row.receivedMonth, id: row.id }
      if (matches(comment.text, filter)) found.push(comment)
      if (found.length === PAGE) return { rows: found, next: at, read }
    }
    if (piece.length < PIECE) return { rows: found, next: null, read }
  }
  return { rows: found, next: at, read }
}

export async function findOpenComments(actor: StaffActor, ids: readonly string[]): Promise<AgencyComment[]> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return []
  const rows = await findComments(scope, ids.slice(0, COMMENTS_MOST))
  return rows.filter(({ replyId }) => replyId === null).map(forAgency)
}

/** A comment as the survey manager reads it: the whole text, with the stretches that its agency does not see. */
export interface RawComment extends Omit<SurveyComment, 'text'> {
  readonly stretches: readonly Stretch[]
}

const raw = ({ text, ...row }: SurveyComment): RawComment => ({ ...row, stretches: stretches(text) })

export async function listRawComments(
  actor: StaffActor,
  agencyId: string,
  after: CommentKey | null,
  now: Instant,
): Promise<(Page<RawComment> & { readonly agency: Agency }) | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return null
  const [versions, found] = await Promise.all([
    findAgencyVersions(agencyId, localDate(now)),
    listCommentsAfter(scope, agencyId, null, after, PAGE + 1),
  ])
  const agency = versions.at(-1)
  if (agency === undefined) return null
  const { rows, next } = pageOf(found)
  return { agency, rows: rows.map(raw), next }
}

export async function findRawComment(
  actor: StaffActor,
  id: string,
): Promise<(RawComment & { readonly asMasked: string }) | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return null
  const [row] = await findComments(scope, [id])
  return row === undefined ? null : { ...raw(row), asMasked: mask(row.masked ?? row.text) }
}

/** A doubtful comment is overdue after this number of days. */
export const HELD_DAYS = 7

const heldBefore = (now: Instant): Date => new Date(localDate(addMilliseconds(now, -HELD_DAYS * DAY)))

/** Returns a page of the doubtful comments of every agency, longest held first; null for all but the survey manager. */
export async function listHeldComments(
  actor: StaffActor,
  after: { readonly heldOn: Date; readonly id: string } | null,
  now: Instant,
) {
  if (voiceScope(actor)?.kind !== 'city') return null
  const [found, agencies] = await Promise.all([
    db.surveyComment.findMany({
      where: {
        review: 'doubtful',
        ...(after !== null && {
          heldOn: { gte: after.heldOn },
          OR: [{ heldOn: { gt: after.heldOn } }, { id: { gt: after.id } }],
        }),
      },
      orderBy: [{ heldOn: 'asc' }, { id: 'asc' }],
      take: PAGE + 1,
    }),
    findAgenciesUpTo(localDate(now)),
  ])
  const names = new Map(agencies.map(({ id, nameVi, nameEn }) => [id, { nameVi, nameEn }]))
  const before = heldBefore(now)
  const rows = found.slice(0, PAGE)
  const last = rows.at(-1)
  return {
    rows: rows.map((row) => ({
      ...raw(row),
      agencyNameVi: names.get(row.agencyId)?.nameVi ?? row.agencyId,
      agencyNameEn: names.get(row.agencyId)?.nameEn ?? row.agencyId,
      old: row.heldOn !== null && row.heldOn < before,
    })),
    next: found.length > PAGE && last?.heldOn ? { heldOn: last.heldOn, id: last.id } : null,
  }
}

/** Counts the doubtful and the overdue comments, each at most one above `COUNTED`; null for all but the survey manager. */
export async function countHeldFor(actor: StaffActor, now: Instant) {
  if (voiceScope(actor)?.kind !== 'city') return null
  const take = COUNTED + 1
  const [held, old] = await Promise.all([
    db.surveyComment.count({ where: { review: 'doubtful' }, take }),
    db.surveyComment.count({ where: { review: 'doubtful', heldOn: { lt: heldBefore(now) } }, take }),
  ])
  return { held, old }
}

export async function listVoicesByAgency(actor: StaffActor, now: Instant) {
  if (voiceScope(actor)?.kind !== 'city') return null
  const today = localDate(now)
  const [agencies, counts] = await Promise.all([findAgenciesUpTo(today), countVoices(COUNTED + 1, today)])
  const by = new Map(counts.map(({ agencyId, ...rest }) => [agencyId, rest]))
  return agencies.map(({ id, nameVi, nameEn }) => ({
    id,
    nameVi,
    nameEn,
    ...(by.get(id) ?? { open: 0, answered: 0, overdue: 0 }),
  }))
}

const countVoices = (most: number, today: string) => db.$queryRaw<
  { agencyId: string; open: number; answered: number; overdue: number }[]
>`
  SELECT a.id AS "agencyId",
    (SELECT count(*)::int FROM (SELECT FROM survey_comments c
      WHERE c.agency_id = a.id AND released AND reply_id IS NULL AND review IN ('clear', 'passed') LIMIT ${most}) s) AS open,
    (SELECT count(*)::int FROM (SELECT FROM survey_comments c
      WHERE c.agency_id = a.id AND reply_id IS NOT NULL LIMIT ${most}) s) AS answered,
    (SELECT count(*)::int FROM (SELECT FROM survey_replies r
      WHERE r.agency_id = a.id AND due_on IS NOT NULL AND kept_at IS NULL AND withdrawn_at IS NULL
        AND least(due_on, (SELECT c.due_on FROM survey_reply_changes c
          WHERE c.reply_id = r.id ORDER BY c.revision LIMIT 1)) < ${today}::date LIMIT ${most}) s)
      AS overdue
  FROM agencies a`
