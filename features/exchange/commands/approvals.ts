import '#server-only'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockConfirmed } from '#features/approvals/data.ts'
import type { ApprovalKind, ContentOf } from '#features/approvals/rules.ts'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { saveReleaseMode } from '../repository/carriers.ts'
import { saveUrl, saveWay, wayForUpdate } from '../repository/delivery.ts'
import { subjectOf } from '../rules/approvals.ts'
import { wayOf } from '../rules/ways.ts'
import { resolveFlag } from './flags.ts'
import { carryOut } from './offer.ts'
import { tellCarrier, tellRelay } from './tell.ts'

// What two people do to a carrier's keys and ways. Its contacts on duty and the relay are told as it is asked and done.

export type CarrierKind = Extract<ApprovalKind, `carrier.${string}`>
/** The result of an act on a carrier: left to a second person, or done by now. */
export type AskedOfCarrier = 'done' | 'requested'

/** `no_auditor`: nobody watches, so nothing of the kind is asked for. */
export type AskedRefusal = 'forbidden' | 'request_open' | 'no_auditor'

/** Asks for one thing about a carrier; a second one of its kind is not asked for meanwhile. */
export async function askOfCarrier<K extends CarrierKind>(
  tx: Tx,
  actor: StaffActor,
  kind: K,
  content: ContentOf<K>,
  now: Instant,
): Promise<Result<AskedOfCarrier, AskedRefusal>> {
  const { carrierId } = content
  const asked = await askApproval(tx, actor, { kind }, { subject: subjectOf(kind, carrierId), content }, now)
  if (!asked.ok) return err(asked.error === 'own_account' ? 'forbidden' : asked.error)
  await tell(tx, 'second_asked', kind, carrierId)
  return ok('requested')
}

function tell(tx: Tx, template: 'second_asked' | 'second_done', kind: CarrierKind, carrierId: string | null) {
  const what = kind.slice('carrier.'.length)
  return carrierId === null
    ? tellRelay(tx, { template, carrierId, values: { what } })
    : tellCarrier(tx, { template, carrierId, values: { what } })
}

/** The key itself is made when who asked takes it (keys.ts): until then there is none that anybody could read. */
export const newKey: Approvable<'carrier.key'> = {
  kind: 'carrier.key',
  async carryOut({ tx, request }) {
    await tell(tx, 'second_done', 'carrier.key', request.content.carrierId)
    return ok({})
  },
}

/** The same for a signing secret (secrets.ts). */
export const newSecret: Approvable<'carrier.secret'> = {
  kind: 'carrier.secret',
  async carryOut({ tx, request }) {
    await tell(tx, 'second_done', 'carrier.secret', request.content.carrierId)
    return ok({})
  },
}

/**
 * Says how the lines of its book reach a carrier. Nothing is lost by a change: what was not acknowledged goes the new
 * way. A carrier that is pushed to starts anew with its tries.
 */
export const newWay: Approvable<'carrier.way', 'not_found'> = {
  kind: 'carrier.way',
  holds: async (tx, { carrierId, version }) => (await wayForUpdate(tx, carrierId))?.version === version,
  async carryOut({ tx, request: { content, askedById }, now }) {
    const { carrierId, way, url } = content
    const before = await wayForUpdate(tx, carrierId)
    if (!before) return err('not_found')
    if (url !== '') await saveUrl(tx, carrierId, url)
    await saveWay(tx, carrierId, way)
    if (wayOf(way).answers === 'interface') await resolveFlag(tx, carrierId, 'other_way', now)
    await carryOut(tx, carrierId, way)
    // An address says whom to reach, and may hold a token: the log has its host alone.
    const facts = { way, from: before.way, ...(url !== '' && { host: new URL(url).host }) }
    const entry = {
      actor: { kind: 'staff', id: askedById },
      subject: { kind: 'carrier', id: carrierId },
    } as const
    await audit(tx, { ...entry, act: 'carrier.delivery', facts, at: now })
    await tell(tx, 'second_done', 'carrier.way', carrierId)
    return ok({})
  },
}

export const newMode: Approvable<'carrier.mode', 'not_found'> = {
  kind: 'carrier.mode',
  async carryOut({ tx, request: { content, askedById }, now }) {
    if (!(await changeMode(tx, askedById, content, now))) return err('not_found')
    await tell(tx, 'second_done', 'carrier.mode', content.carrierId)
    return ok({})
  },
}

/** Changes how blocks go out to one carrier or all; false where there is none. */
export async function changeMode(
  tx: Tx,
  actorId: string,
  { carrierId, releaseMode, releaseTimes }: ContentOf<'carrier.mode'>,
  now: Instant,
): Promise<boolean> {
  const changed = await saveReleaseMode(tx, carrierId, { releaseMode, releaseTimes })
  for (const id of changed) {
    const facts = { mode: releaseMode, times: releaseTimes.join(' ') }
    const entry = { actor: { kind: 'staff', id: actorId }, subject: { kind: 'carrier', id } } as const
    await audit(tx, { ...entry, act: 'carrier.release_mode', facts, at: now })
  }
  await enqueue(tx, 'order-release', {})
  return changed.length > 0
}

export type TakeRefusal = 'forbidden' | 'not_found' | 'not_confirmed'

/** Locks what was confirmed for who asked for it, and tells for which carrier; it can be taken for three days. */
export async function lockForTaking(
  tx: Tx,
  actor: StaffActor,
  kind: 'carrier.key' | 'carrier.secret',
  approvalId: string,
  now: Instant,
): Promise<Result<string, TakeRefusal>> {
  const scope = carrierScope(actor)
  if (!scope) return err('forbidden')
  const content = await lockConfirmed(tx, actor, kind, approvalId, now)
  if (!content) return err('not_confirmed')
  return reachesCarrier(scope, content.carrierId) ? ok(content.carrierId) : err('not_found')
}
