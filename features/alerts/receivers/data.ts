import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { confirmedOf } from '#features/approvals/data.ts'
import { bankHotlines } from '#features/lookup-tables/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash, sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { resealAll } from '#platform/reseal.ts'
import { inScope } from '#platform/scope.ts'
import type { Choice } from '../consents/rules.ts'
import { keepsReceivers, type ReceiverStanding, receiverSubject } from './rules.ts'

export const areAlertsOn = (): boolean => env().ALERTS === 'on'

export const receiverKeyHash = (apiKey: string): Uint8Array<ArrayBuffer> => keyedHash('receiver-key', apiKey)

/** Returns the receiver of an API key and stores the hour of its use; null if the key is wrong or revoked. */
export async function authenticateReceiver(apiKey: string, now: Instant): Promise<string | null> {
  const key = await db.receiverKey.findUnique({
    where: { keyHash: receiverKeyHash(apiKey) },
    select: { id: true, receiverId: true, lastUsedAt: true, revokedAt: true },
  })
  if (key?.revokedAt !== null) return null
  const hour = new Date(Math.floor(now.getTime() / HOUR) * HOUR)
  if (key.lastUsedAt === null || key.lastUsedAt < hour)
    await db.receiverKey.updateMany({
      where: { id: key.id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: hour } }] },
      data: { lastUsedAt: hour },
    })
  return key.receiverId
}

/** Matches receivers with a live key, or with an address and a live signing secret. */
const REACHED = {
  OR: [
    { keys: { some: { revokedAt: null } } },
    { url: { not: null }, secrets: { some: { revokedAt: null } } },
  ],
}

/** Returns the banks and wallets that can be chosen, the largest first; empty if alerts are off. */
export async function openReceivers(tx: Tx = db): Promise<readonly Choice[]> {
  if (!areAlertsOn()) return []
  const rows = await tx.alertReceiver.findMany({ where: { active: true, ...REACHED }, select: { id: true } })
  if (rows.length === 0) return []
  const open = new Set(rows.map(({ id }) => id))
  return (await bankHotlines()).filter(({ id }) => open.has(id)).map(({ id, name }) => ({ id, name }))
}

export const receiverName = async (id: string): Promise<string> =>
  (await bankHotlines()).find((one) => one.id === id)?.name ?? id

/** Locks a receiver until the transaction ends, so that it gets no new alerts. */
export async function lockReceiver(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT 1 FROM alert_receivers WHERE id = ${id} FOR UPDATE`
  return tx.alertReceiver.findUnique({ where: { id } })
}

type Counted = Pick<
  ReceiverStanding,
  'id' | 'consents' | 'sent' | 'answered' | 'notSubscriber' | 'medianSeconds'
>

export async function receiverStandings(actor: StaffActor, now: Instant): Promise<ReceiverStanding[]> {
  if (!keepsReceivers(actor)) return []
  const since = addMilliseconds(now, -90 * DAY)
  const [rows, reached, counted, banks] = await Promise.all([
    db.alertReceiver.findMany({
      orderBy: { id: 'asc' },
      select: { id: true, active: true, url: true, state: true },
    }),
    db.alertReceiver.findMany({ where: REACHED, select: { id: true } }),
    // Only counts, over all districts: the relay reads no case.
    inScope(
      systemScope(),
      () => db.$queryRaw<Counted[]>`
        SELECT r.id, count(a.id)::int AS sent, count(a.outcome)::int AS answered,
          (count(*) FILTER (WHERE a.outcome = 'not_subscriber'))::int AS "notSubscriber",
          (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.recorded_at - a.at))
            FILTER (WHERE a.outcome IS NOT NULL))::float AS "medianSeconds",
          (SELECT count(*)::int FROM alert_consents c
            WHERE c.receiver_id = r.id AND c.withdrawn_at IS NULL AND c.sealed IS NOT NULL) AS consents
        FROM alert_receivers r LEFT JOIN bank_alerts a ON a.receiver_id = r.id AND a.at >= ${since}
        GROUP BY r.id`,
    ),
    bankHotlines(),
  ])
  return rows.map(({ url, ...row }) => ({
    consents: 0,
    sent: 0,
    answered: 0,
    notSubscriber: 0,
    medianSeconds: null,
    ...counted.find(({ id }) => id === row.id),
    ...row,
    name: banks.find(({ id }) => id === row.id)?.name ?? row.id,
    isReached: reached.some(({ id }) => id === row.id),
    pushes: url !== null,
  }))
}

export async function notYetReceivers(actor: StaffActor): Promise<readonly Choice[]> {
  if (!keepsReceivers(actor)) return []
  const known = await db.alertReceiver.findMany({ select: { id: true } })
  return (await bankHotlines())
    .filter(({ id }) => !known.some((one) => one.id === id))
    .map(({ id, name }) => ({ id, name }))
}

/** Returns a receiver's keys, address and secrets for the relay; null for other readers or an unknown receiver. */
export async function findReceiver(actor: StaffActor, id: string, now: Instant) {
  if (!keepsReceivers(actor)) return null
  const row = await db.alertReceiver.findUnique({
    where: { id },
    include: {
      keys: {
        orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
        select: { id: true, createdAt: true, lastUsedAt: true, revokedAt: true },
      },
      secrets: {
        orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
        take: 10,
        select: { id: true, createdAt: true, revokedAt: true },
      },
    },
  })
  if (row === null) return null
  const toTake = async (kind: 'receiver.key' | 'receiver.secret', made: readonly { readonly id: string }[]) =>
    (await confirmedOf(actor, kind, receiverSubject(kind, id), now)).find(
      (asked) => !made.some((one) => one.id === asked),
    )
  return {
    ...row,
    head: Number(row.head),
    pushedSeq: Number(row.pushedSeq),
    name: await receiverName(id),
    keyToTake: await toTake('receiver.key', row.keys),
    secretToTake: await toTake('receiver.secret', row.secrets),
  }
}

/** How long the page waits for the answer to a test message: most receivers answer within it. */
const TEST_WAIT_MS = 6_000

/** Waits until the last test message was tried, up to a limit and without holding a connection. */
export async function awaitTest(actor: StaffActor, id: string): Promise<void> {
  if (!keepsReceivers(actor)) return
  const until = performance.now() + TEST_WAIT_MS
  const isTried = async () => {
    const row = await db.alertReceiver.findUnique({ where: { id } })
    return row === null || (row.testedAt !== null && row.testedAt >= (row.testAskedAt ?? row.testedAt))
  }
  while (!(await isTried()) && performance.now() < until) await sleep(250)
}

/** Returns the context that binds a sealed secret to its row. */
export const secretContext = (id: string): string => `receiver-secret:${id}`

/** Returns a live secret; null for any other. */
export async function readSecret(id: string): Promise<Buffer | null> {
  const row = await db.receiverSecret.findFirst({ where: { id, revokedAt: null }, select: { sealed: true } })
  return row && unsealFor(secretContext(id), row.sealed)
}

export async function liveSecrets(tx: Tx, receiverId: string): Promise<Buffer[]> {
  const rows = await tx.receiverSecret.findMany({
    where: { receiverId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    select: { id: true, sealed: true },
  })
  return rows.map(({ id, sealed }) => unsealFor(secretContext(id), sealed))
}

/** Reseals all secrets under the current wrapping key; returns true if none was left. */
export const rotateReceiverSecrets = (): Promise<boolean> =>
  transaction((tx) =>
    resealAll(tx.receiverSecret, (id, sealed) =>
      sealFor(secretContext(id), unsealFor(secretContext(id), sealed)),
    ),
  )
