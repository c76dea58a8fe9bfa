import '#server-only'
import { versionsOf } from '#features/agencies/repository/agencies.ts'
import type { Agency } from '#features/agencies/rules/agency.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { voiceScope } from '#lib/access/scope.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { type Reply, replaceable, repliesAfter, replyOf } from '../repository/replies.ts'
import { draftOf, draftsOf, type ReplyDraft } from '../repository/reply-drafts.ts'
import type { ReplyKey } from '../rules/reply.ts'
import { DRAFTS_MOST } from '../rules/reply-draft.ts'

export type { Reply } from '../repository/replies.ts'

const PAGE = 20

export interface ReplyPage {
  readonly rows: readonly Reply[]
  readonly next: ReplyKey | null
}

/** Returns what an agency said to its comments, the last first, and where the next page begins; everybody reads it. */
export async function repliesOf(agencyId: string, after: ReplyKey | null, take = PAGE): Promise<ReplyPage> {
  const found = await repliesAfter(agencyId, after, take + 1)
  const rows = found.slice(0, take)
  const last = rows.at(-1)
  return { rows, next: found.length > take && last ? { at: last.publishedAt, id: last.id } : null }
}

/** Returns the same page with the agency, as it is or was last; null where there is no such agency. */
export async function agencyReplies(
  agencyId: string,
  after: ReplyKey | null,
  now: Instant,
): Promise<(ReplyPage & { readonly agency: Agency }) | null> {
  const [versions, page] = await Promise.all([
    versionsOf(agencyId, localDate(now)),
    repliesOf(agencyId, after),
  ])
  const agency = versions.at(-1)
  return agency === undefined ? null : { agency, ...page }
}

/** Returns what the actor's agency withdrew and may put right, as far as a list of choices goes. */
export async function withdrawnReplies(actor: StaffActor): ReturnType<typeof replaceable> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? replaceable(scope, PAGE) : []
}

/** Returns the drafts of the actor's own agency, the last saved first. */
export async function replyDrafts(actor: StaffActor): Promise<readonly ReplyDraft[]> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? draftsOf(scope, DRAFTS_MOST) : []
}

/** Returns one draft of the actor's own agency. */
export async function replyDraft(actor: StaffActor, id: string): Promise<ReplyDraft | null> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? draftOf(scope, id) : null
}

/** Returns one reply of the actor's own agency, to say how its promise went or to withdraw it. */
export async function ownReply(actor: StaffActor, id: string): Promise<Reply | null> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? replyOf(scope, id) : null
}
