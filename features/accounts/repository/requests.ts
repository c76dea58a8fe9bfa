import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { RequestKind } from '../rules/account-request.ts'
import type { Post } from '../rules/post.ts'

interface NewRequest extends Post {
  readonly id: string
  readonly kind: RequestKind
  readonly accountId: string | null
  readonly email: string | null
  readonly name: string | null
  readonly requestedById: string
  readonly requestedAt: Instant
  readonly expiresAt: Instant
}

/** Writes a request; throws P2002 where one is open for the account or the address. */
export async function insertRequest(tx: Tx, request: NewRequest): Promise<void> {
  await tx.accountRequest.create({ data: request, select: { id: true } })
}

const REQUEST = {
  id: true,
  kind: true,
  accountId: true,
  email: true,
  name: true,
  role: true,
  unitId: true,
  agencyId: true,
  carrierId: true,
  requestedById: true,
  requestedAt: true,
  expiresAt: true,
} as const

export type OpenRequest = NewRequest

/** Returns the request that is open for an account or for an address, or null. */
export async function openRequestFor(
  tx: Tx,
  { accountId, email }: { readonly accountId: string | null; readonly email: string | null },
): Promise<OpenRequest | null> {
  const which = [...(accountId ? [{ accountId }] : []), ...(email ? [{ email }] : [])]
  return tx.accountRequest.findFirst({ where: { outcome: null, OR: which }, select: REQUEST })
}

/** Returns an open request, locked until the transaction ends; null where there is none. */
export async function lockRequest(tx: Tx, id: string): Promise<OpenRequest | null> {
  await tx.$queryRaw`SELECT FROM account_requests WHERE id = ${id}::uuid FOR UPDATE`
  return tx.accountRequest.findFirst({ where: { id, outcome: null }, select: REQUEST })
}

/** Ends a request. The name and address in it are no longer needed. */
export async function closeRequest(
  tx: Tx,
  id: string,
  end: {
    readonly outcome: 'confirmed' | 'refused' | 'withdrawn' | 'expired'
    readonly judgedById: string | null
    readonly judgedAt: Instant
    readonly accountId?: string
  },
): Promise<void> {
  await tx.accountRequest.update({
    where: { id },
    data: { ...end, email: null, name: null },
    select: { id: true },
  })
}

/**
 * Returns the requests that are open at `now`, the oldest first, with the account they are about and the name
 * of the asker.
 */
export const openRequests = (
  now: Instant,
  only: { readonly accountId?: string; readonly unitIds?: readonly string[] },
  take: number,
) =>
  db.accountRequest.findMany({
    where: {
      ...{ outcome: null, expiresAt: { gt: now } },
      ...(only.accountId !== undefined && { accountId: only.accountId }),
      ...(only.unitIds !== undefined && {
        unitId: { in: [...only.unitIds] },
        role: { in: ['officer' as const, 'supervisor' as const] },
      }),
    },
    orderBy: [{ requestedAt: 'asc' }, { id: 'asc' }],
    take,
    select: {
      ...REQUEST,
      requestedBy: { select: { name: true } },
      account: {
        select: { name: true, email: true, role: true, unitId: true, agencyId: true, carrierId: true },
      },
    },
  })

/** Returns the ids of requests whose time is up. */
export const lapsedRequests = async (now: Instant): Promise<string[]> => {
  const rows = await db.accountRequest.findMany({
    where: { outcome: null, expiresAt: { lte: now } },
    take: 200,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}
