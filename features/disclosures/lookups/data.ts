import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

/** Locks an account until the transaction ends, so that one person's simultaneous acts come one after the other. */
export async function lockAccount(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}

export async function insertAlert(
  tx: Tx,
  accountId: string,
  found: {
    readonly count: number
    readonly since: Instant
    readonly act?: string
    readonly subjectId?: string | null
  },
  now: Instant,
): Promise<string> {
  const id = randomUUID()
  await tx.lookupAlert.create({
    data: { id, accountId, ...found, raisedAt: now, lastAt: now },
    select: { id: true },
  })
  return id
}

const AUDITOR = { role: 'auditor', active: true } as const

export const auditors = (tx: Tx): Promise<{ id: string; email: string }[]> =>
  tx.staffAccount.findMany({ where: AUDITOR, select: { id: true, email: true } })

/** Returns an auditor's address, or null if the account is not an active auditor's. */
export const addressOfAuditor = async (id: string): Promise<string | null> =>
  (await db.staffAccount.findFirst({ where: { ...AUDITOR, id }, select: { email: true } }))?.email ?? null

export async function alertMail(alertId: string) {
  const alert = await db.lookupAlert.findUnique({ where: { id: alertId } })
  if (!alert) return null
  const person = await db.staffAccount.findUnique({
    where: { id: alert.accountId },
    select: { name: true },
  })
  return { name: person?.name ?? alert.accountId, at: alert.raisedAt, act: alert.act }
}

export type LookupAlert = Awaited<ReturnType<typeof alertPage>>['alerts'][number]
const PAGE = 10

export async function alertPage(
  actor: StaffActor,
  below: { readonly raisedAt: Instant; readonly id: string } | null,
) {
  const found = may(actor.role, 'audit:read')
    ? await db.lookupAlert.findMany({
        ...(below && {
          where: {
            raisedAt: { lte: below.raisedAt },
            OR: [{ raisedAt: { lt: below.raisedAt } }, { id: { lt: below.id } }],
          },
        }),
        orderBy: [{ raisedAt: 'desc' }, { id: 'desc' }],
        take: PAGE + 1,
      })
    : []
  const alerts = found.slice(0, PAGE)
  return { alerts, next: found.length > PAGE ? (alerts.at(-1) ?? null) : null }
}
