import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { AgencyVoiceScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { DraftWords } from '../rules/reply-draft.ts'

export interface ReplyDraft {
  readonly id: string
  readonly commentIds: readonly string[]
  readonly words: DraftWords
  readonly revision: number
  readonly savedAt: Instant
}

const select = { id: true, commentIds: true, words: true, revision: true, savedAt: true } as const

type Row = Omit<ReplyDraft, 'words'> & { readonly words: Prisma.JsonValue }
const asDraft = ({ words, ...row }: Row): ReplyDraft => ({ ...row, words: words as DraftWords })

/** Returns the agency's drafts, the last saved first. */
export async function draftsOf(scope: AgencyVoiceScope, take: number): Promise<ReplyDraft[]> {
  const rows = await db.agencyReplyDraft.findMany({
    where: { agencyId: scope.agencyId },
    orderBy: [{ savedAt: 'desc' }, { id: 'asc' }],
    take,
    select,
  })
  return rows.map(asDraft)
}

/** Returns one of the agency's own drafts. */
export async function draftOf(scope: AgencyVoiceScope, id: string): Promise<ReplyDraft | null> {
  const row = await db.agencyReplyDraft.findFirst({ where: { id, agencyId: scope.agencyId }, select })
  return row && asDraft(row)
}

export const countDrafts = (tx: Tx, scope: AgencyVoiceScope): Promise<number> =>
  tx.agencyReplyDraft.count({ where: { agencyId: scope.agencyId } })

interface Saved {
  readonly id: string
  readonly commentIds: readonly string[]
  readonly words: DraftWords
  readonly savedById: string
  readonly savedAt: Instant
}

export async function insertDraft(tx: Tx, scope: AgencyVoiceScope, { commentIds, words, ...saved }: Saved) {
  await tx.agencyReplyDraft.create({
    data: { ...saved, agencyId: scope.agencyId, commentIds: [...commentIds], words: { ...words } },
    select: { id: true },
  })
}

/** Changes a draft; false where there is no such draft as of that revision. */
export async function changeDraft(
  tx: Tx,
  scope: AgencyVoiceScope,
  revision: number,
  { id, commentIds, words, ...saved }: Saved,
): Promise<boolean> {
  const { count } = await tx.agencyReplyDraft.updateMany({
    where: { id, agencyId: scope.agencyId, revision },
    data: { ...saved, commentIds: [...commentIds], words: { ...words }, revision: { increment: 1 } },
  })
  return count === 1
}

/** Deletes one of the agency's own drafts; nothing where it is gone. */
export async function dropDraft(tx: Tx, scope: AgencyVoiceScope, id: string): Promise<void> {
  await tx.agencyReplyDraft.deleteMany({ where: { id, agencyId: scope.agencyId } })
}
