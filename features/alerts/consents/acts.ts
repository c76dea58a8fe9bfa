import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { ACTIVE_STATES } from '#features/cases/record/state-rules.ts'
import { isOpenTo } from '#features/disclosures/openings/data.ts'
import { closeQuestions } from '#features/exchange/questions/data.ts'
import type { Actor, StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, keyedHash, seal, unwrap } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { openReceivers } from '../receivers/data.ts'
import { isShared, numberPlace } from './data.ts'
import { ALERT_CONSENT, readSharing, type Sharing, type SharingFaults } from './rules.ts'

/** Queues a check of a case's alerts if its person shares it with any receiver; in the transaction of the change. */
export async function noteForReceivers(tx: Tx, caseId: string): Promise<void> {
  if (await isShared(tx, caseId)) await enqueue(tx, 'alert-case', { caseId })
}

/** Stores the person's choice of receivers, in the caller's transaction. */
export async function keepSharing(
  tx: Tx,
  actor: Actor,
  key: CaseKey,
  { receivers, msisdn }: Sharing,
  now: Instant,
): Promise<void> {
  const { caseId } = key
  const consents = receivers.map((receiverId) => {
    const id = randomUUID()
    const sealed = seal(key, numberPlace(id), msisdn)
    const numberHash = keyedHash('alert-number', msisdn)
    return { id, caseId, receiverId, sealed, numberHash, version: ALERT_CONSENT, givenAt: now }
  })
  const given: string[] = []
  for (const data of consents) {
    // A receiver with a live consent keeps that one.
    const { count } = await tx.alertConsent.createMany({ data, skipDuplicates: true })
    if (count === 1) given.push(data.receiverId)
  }
  if (given.length === 0) return
  await audit(tx, {
    ...{ actor, act: 'share.given', subject: { kind: 'case', id: caseId }, caseId },
    facts: { receivers: given.join(', '), version: ALERT_CONSENT },
    at: now,
  })
  await enqueue(tx, 'alert-case', { caseId })
}

interface Chosen {
  readonly caseId: string
  readonly share: readonly string[]
  readonly shareNumber: string
  readonly submitKey: string
}

const isFull = (scope: CaseScope, caseId: string): boolean =>
  scope.kind === 'one' && scope.caseId === caseId && scope.access === 'full'

/** Records a person's consent that banks and wallets are told of a case. Needs full access, which the secret alone gives. */
export const giveSharing = (
  scope: CaseScope,
  { caseId, share, shareNumber, submitKey }: Chosen,
  now: Instant,
): Promise<Result<true, SharingFaults & { readonly form?: string }>> =>
  inScope(scope, () =>
    actOnce<true, SharingFaults & { readonly form?: string }>(submitKey, 'share.give', now, async (tx) => {
      const key = isFull(scope, caseId) ? await keyOfCase(tx, caseId) : null
      if (key === null || !(await isActive(tx, caseId))) return err({ form: 'track.not_now' })
      const read = readSharing(share, shareNumber, await openReceivers(tx))
      if (!read.ok) return read
      if (read.value === null) return err({ share: 'alerts.none_chosen' })
      await keepSharing(tx, { kind: 'citizen' }, key, read.value, now)
      return ok(true)
    }),
  )

/** Returns the key of a case within its own scope; null once the case is erased. */
async function keyOfCase(tx: Tx, caseId: string): Promise<CaseKey | null> {
  const row = await tx.case.findFirst({
    where: { id: caseId, erasedAt: null },
    select: { key: { select: WRAPPED_KEY } },
  })
  return row && unwrap(caseId, row.key)
}

const isActive = async (tx: Tx, caseId: string): Promise<boolean> =>
  (await tx.case.count({ where: { id: caseId, state: { in: [...ACTIVE_STATES] } } })) > 0

/** Withdraws one consent: nothing more is sent, and alerts not read yet lose their number. Withdrawing twice is harmless. */
export const withdrawSharing = (
  scope: CaseScope,
  { caseId, receiverId, submitKey }: Pick<Chosen, 'caseId' | 'submitKey'> & { readonly receiverId: string },
  now: Instant,
): Promise<Result<true, 'not_now'>> =>
  inScope(scope, () =>
    actOnce<true, 'not_now'>(submitKey, 'share.withdraw', now, async (tx) => {
      if (!isFull(scope, caseId)) return err('not_now')
      await endSharing(tx, { kind: 'citizen' }, { caseId, receiverId }, now)
      return ok(true)
    }),
  )

/** Ends the consent for one receiver, or for all, in the caller's transaction. */
export async function endSharing(
  tx: Tx,
  actor: Actor,
  { caseId, ...one }: Pick<Chosen, 'caseId'> & { readonly receiverId?: string },
  now: Instant,
): Promise<void> {
  const ended = await tx.alertConsent.updateManyAndReturn({
    where: { caseId, ...one, withdrawnAt: null },
    data: { withdrawnAt: now },
    select: { receiverId: true },
  })
  if (!(await isShared(tx, caseId))) await closeQuestions(tx, caseId, ['subscriber_of_number'])
  for (const { receiverId } of ended)
    await audit(tx, {
      ...{ actor, act: 'share.withdrawn', subject: { kind: 'case', id: caseId }, caseId },
      facts: { receiver: receiverId },
      at: now,
    })
}

/**
 * Releases a case's alerts on the decision of police, who have the papers at hand, where no carrier has confirmed the number. An
 * officer who wrote the wish down at the desk leaves this to another.
 */
export async function allowAlerts(
  actor: StaffReader,
  { number, submitKey }: { readonly number: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<true, 'forbidden' | 'not_found' | 'unseen' | 'own_writing'>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:decide')) return err('forbidden')
  return inScope(scope, () =>
    actOnce<true, 'not_found' | 'unseen' | 'own_writing'>(
      submitKey,
      `share.allow:${actor.id}`,
      now,
      async (tx) => {
        const found = await tx.case.findFirst({ where: { number }, select: { id: true } })
        if (!found || !(await isActive(tx, found.id))) return err('not_found')
        if (!(await isOpenTo(actor, found.id, now, tx))) return err('unseen')
        const written = { caseId: found.id, actorId: actor.id, move: 'tell_banks' }
        if ((await tx.caseEvent.count({ where: written, take: 1 })) > 0) return err('own_writing')
        const { count } = await tx.alertConsent.updateMany({
          where: { caseId: found.id, withdrawnAt: null, lookedAt: null },
          data: { lookedById: actor.id, lookedAt: now },
        })
        if (count > 0) {
          await audit(tx, {
            ...{ actor, act: 'share.allowed', subject: { kind: 'case', id: found.id }, caseId: found.id },
            facts: { consents: count },
            at: now,
          })
          await enqueue(tx, 'alert-case', { caseId: found.id })
        }
        return ok(true)
      },
    ),
  )
}
