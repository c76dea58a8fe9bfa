import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { voiceScope } from '#domain/access/scope.ts'
import type { Agency } from '#domain/survey/agency.ts'
import { mask, type Stretch, stretches } from '#domain/survey/masking.ts'
import { COMMENTS_MOST } from '#domain/survey/reply.ts'
import { type Instant, localDate } from '#domain/time.ts'
import { agenciesUpTo, versionsOf } from '../repository/agencies.ts'
import {
  type CommentKey,
  type CommentRow,
  type CommentState,
  commentsAfter,
  commentsByIds,
  type VoiceCounts,
  voiceCounts,
} from '../repository/comments.ts'

export { COMMENT_STATES, type CommentKey, type CommentState } from '../repository/comments.ts'

const PAGE = COMMENTS_MOST
/** Beyond this a count says "or more": none grows with what there is. */
export const COUNTED = 100

/** A comment as its agency reads it: masked, whatever was missed by hand. */
export interface AgencyComment {
  readonly id: string
  readonly receivedMonth: Date
  readonly text: string
  readonly question: string | null
  readonly replyId: string | null
}

const forAgency = ({ id, receivedMonth, text, masked, question, replyId }: CommentRow): AgencyComment => ({
  id,
  receivedMonth,
  text: mask(masked ?? text),
  question,
  replyId,
})

interface Page<T> {
  readonly rows: readonly T[]
  readonly next: CommentKey | null
}

function pageOf(rows: readonly CommentRow[]): Page<CommentRow> {
  const page = rows.slice(0, PAGE)
  const last = page.at(-1)
  return { rows: page, next: rows.length > PAGE && last ? { month: last.receivedMonth, id: last.id } : null }
}

/** A page of an agency's comments, for its viewers; null for everybody else. */
export async function agencyComments(
  actor: StaffActor,
  state: CommentState,
  after: CommentKey | null,
): Promise<Page<AgencyComment> | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return null
  const { rows, next } = pageOf(await commentsAfter(scope, scope.agencyId, state, after, PAGE + 1))
  return { rows: rows.map(forAgency), next }
}

/** Of some comments those that an agency's viewer may answer now. */
export async function openComments(actor: StaffActor, ids: readonly string[]): Promise<AgencyComment[]> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return []
  const rows = await commentsByIds(scope, ids.slice(0, COMMENTS_MOST))
  return rows.filter(({ replyId }) => replyId === null).map(forAgency)
}

/** A comment as the survey manager reads it: every word, and what its agency does not see of them. */
export interface RawComment extends Omit<CommentRow, 'text'> {
  readonly stretches: readonly Stretch[]
}

const raw = ({ text, ...row }: CommentRow): RawComment => ({ ...row, stretches: stretches(text) })

/** A page of an agency's comments, for the survey manager; null for everybody else, or where there is no such agency. */
export async function rawComments(
  actor: StaffActor,
  agencyId: string,
  after: CommentKey | null,
  now: Instant,
): Promise<(Page<RawComment> & { readonly agency: Agency }) | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return null
  const [versions, found] = await Promise.all([
    versionsOf(agencyId, localDate(now)),
    commentsAfter(scope, agencyId, null, after, PAGE + 1),
  ])
  const agency = versions.at(-1)
  if (agency === undefined) return null
  const { rows, next } = pageOf(found)
  return { agency, rows: rows.map(raw), next }
}

/** One comment, and how it is masked now, for masking more of it by hand. */
export async function rawComment(
  actor: StaffActor,
  id: string,
): Promise<(RawComment & { readonly asMasked: string }) | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return null
  const [row] = await commentsByIds(scope, [id])
  return row === undefined ? null : { ...raw(row), asMasked: mask(row.masked ?? row.text) }
}

export interface AgencyVoices extends Omit<VoiceCounts, 'agencyId'> {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
}

/** What waits at every agency there is or was, for the survey manager; null for everybody else. */
export async function voicesByAgency(actor: StaffActor, now: Instant): Promise<AgencyVoices[] | null> {
  if (voiceScope(actor)?.kind !== 'city') return null
  const today = localDate(now)
  const [agencies, counts] = await Promise.all([agenciesUpTo(today), voiceCounts(COUNTED + 1, today)])
  const by = new Map(counts.map(({ agencyId, ...rest }) => [agencyId, rest]))
  return agencies.map(({ id, nameVi, nameEn }) => ({
    id,
    nameVi,
    nameEn,
    ...(by.get(id) ?? { open: 0, answered: 0, overdue: 0 }),
  }))
}
