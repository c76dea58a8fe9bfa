import '#server-only'
import { LAST_NAME } from '#features/agencies/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import type { CommentKey } from '../comments/data.ts'
import { hashReceipt } from '../rating/data.ts'
import type { ReceiptNumber } from '../rating/rules.ts'
import type { WithdrawalReason } from '../replies/rules.ts'
import { EXCLUSION_REASONS, EXCLUSION_RULES, type ExclusionReason, type ReceiptStanding } from './rules.ts'

/** Returns whether the answer of a receipt is counted, or why it is excluded; null for an unknown number. */
export async function findReceiptStanding(number: ReceiptNumber): Promise<ReceiptStanding | null> {
  // The month is not known, so each month's index is searched.
  const receipt = await db.surveyReceipt.findFirst({
    where: { numberHash: hashReceipt(number) },
    select: { exclusion: { select: { reason: true, reversedAt: true } } },
  })
  if (receipt === null) return null
  const { exclusion } = receipt
  return exclusion === null || exclusion.reversedAt !== null
    ? { state: 'counted' }
    : { state: 'excluded', reason: exclusion.reason }
}

const groupSelect = {
  id: true,
  reason: true,
  month: true,
  count: true,
  reversedAt: true,
  reversal: true,
  reversalEn: true,
  agency: LAST_NAME,
} as const

const asGroup = ({ agency, ...group }: Prisma.ExclusionGetPayload<{ select: typeof groupSelect }>) => ({
  ...group,
  agency: agency.versions[0] ?? { nameVi: '', nameEn: '' },
})
export type ExclusionGroup = ReturnType<typeof asGroup>

/** Reverses a group for good; null if no such group is in force. Does not move its answers. */
export async function reverseGroup(
  tx: Tx,
  id: string,
  { reasonVi, reasonEn }: WithdrawalReason,
  at: Instant,
) {
  const [row] = await tx.exclusion.updateManyAndReturn({
    where: { id, reversedAt: null },
    data: { reversedAt: at, reversal: reasonVi, reversalEn: reasonEn },
    select: { agencyId: true, reason: true, count: true },
  })
  return row ?? null
}

const REVERSALS_SHOWN = 50
const PAGE = 30

export const readSurveyContact = (): string | undefined => env().SURVEY_CONTACT

/** Returns the public totals of excluded answers: of every rule in force, and of ended rules that excluded some. */
export async function readLedger() {
  const [totals, reversed] = await Promise.all([
    db.$queryRaw<{ reason: ExclusionReason; excluded: number; reversed: number }[]>`
      SELECT reason::text AS reason, sum(excluded)::int AS excluded, sum(reversed)::int AS reversed
      FROM survey_exclusion_totals GROUP BY reason`,
    db.exclusion.findMany({
      where: { reversedAt: { not: null } },
      orderBy: [{ reversedAt: 'desc' }, { id: 'asc' }],
      take: REVERSALS_SHOWN,
      select: groupSelect,
    }),
  ])
  return {
    totals: EXCLUSION_REASONS.flatMap((reason) => {
      const found = totals.find((one) => one.reason === reason)
      if (found) return [found]
      return EXCLUSION_RULES.some((rule) => rule === reason) ? [{ reason, excluded: 0, reversed: 0 }] : []
    }),
    reversals: reversed.map(asGroup),
  }
}

export async function listExclusionGroups(
  actor: StaffActor,
  after: CommentKey | null,
): Promise<{ readonly groups: readonly ExclusionGroup[]; readonly next: CommentKey | null }> {
  if (!may(actor.role, 'survey:read')) return { groups: [], next: null }
  const found = await db.exclusion.findMany({
    where: {
      reversedAt: null,
      ...(after !== null && {
        month: { lte: after.month },
        OR: [{ month: { lt: after.month } }, { id: { gt: after.id } }],
      }),
    },
    orderBy: [{ month: 'desc' }, { id: 'asc' }],
    take: PAGE + 1,
    select: groupSelect,
  })
  const groups = found.slice(0, PAGE).map(asGroup)
  const last = groups.at(-1)
  return { groups, next: found.length > PAGE && last ? { month: last.month, id: last.id } : null }
}

export async function findOpenGroup(actor: StaffActor, id: string) {
  if (!may(actor.role, 'survey:manage')) return null
  const row = await db.exclusion.findFirst({ where: { id, reversedAt: null }, select: groupSelect })
  return row && asGroup(row)
}
