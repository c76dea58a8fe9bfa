import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import { alertAuditors, hasAuditor, isLastAuditor } from '#features/disclosures/commands/account-alert.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import {
  isAdmin,
  lockByEmail,
  lockJudgeShared,
  lockPost,
  missingPlace,
  type NewAccount,
} from '../repository/accounts.ts'
import {
  closeRequest,
  insertRequest,
  lapsedRequests,
  lockRequest,
  type OpenRequest,
  openRequestFor,
} from '../repository/requests.ts'
import {
  isGuarded,
  type JudgeRefusal,
  judgeRefusal,
  type RequestKind,
  requestExpiry,
} from '../rules/account-request.ts'
import { type Post, type PostFault, samePost } from '../rules/post.ts'
import {
  type ChangedFrom,
  carryOutChange,
  carryOutEmail,
  carryOutInvite,
  carryOutReset,
} from './carry-out.ts'

/** The result of an admin's act: done at once, or left to a second person. */
export type Asked = 'done' | 'requested'

/** The request, and the account it is for; `accountId` is null for a new one. */
interface Wanted extends Post {
  readonly kind: RequestKind
  readonly accountId: string | null
  readonly email?: string
  readonly name?: string
}

/** Writes down what an admin asks for an account that two people answer for. Every auditor is told. */
export async function ask(
  tx: Tx,
  actor: StaffActor,
  {
    kind,
    accountId,
    email = null,
    name = null,
    ...wanted
  }: Omit<Wanted, 'email' | 'name'> & {
    readonly email?: string | null
    readonly name?: string | null
  },
  now: Instant,
): Promise<Result<null, 'request_open' | 'no_auditor'>> {
  if (!(await isWatchedOver(tx, wanted))) return err('no_auditor')
  const open = await openRequestFor(tx, { accountId, email })
  // The same form sent again.
  const again =
    open?.requestedById === actor.id &&
    ([open.kind, open.accountId, open.email] as const).join() === [kind, accountId, email].join() &&
    samePost(open, wanted)
  if (open) return again ? ok(null) : err('request_open')
  const id = randomUUID()
  const { role, unitId, agencyId, carrierId } = wanted
  const post = { role, unitId, agencyId, carrierId }
  const times = { requestedAt: now, expiresAt: requestExpiry(now) }
  await insertRequest(tx, { id, kind, accountId, email, name, ...post, requestedById: actor.id, ...times })
  await auditRequest(tx, actor, 'account.request', { id, kind, accountId, role }, now)
  return ok(null)
}

/**
 * Tells whether a guarded act may be asked for and done: an auditor is active, or there is one afterwards. Who watches comes
 * first.
 */
export const isWatchedOver = async (tx: Tx, after: Pick<Post, 'role'>): Promise<boolean> =>
  after.role === 'auditor' || hasAuditor(tx)

/** Tells whether what is asked needs a second person: the account can lead to a block before it or after it. */
export const needsSecond = (...posts: readonly Pick<Post, 'role'>[]): boolean =>
  posts.some(({ role }) => isGuarded(role))

export type ConfirmRefusal =
  | JudgeRefusal
  | 'no_auditor'
  | 'last_auditor'
  | 'email_taken'
  | 'reset_gone'
  | PostFault

/** The request that was confirmed, and the account that it is for or has made. */
export interface Confirmed {
  readonly kind: RequestKind
  readonly accountId: string
}

/**
 * Confirms what another person asked for an account, and carries it out, in the caller's transaction. Role, district and
 * waiting period of both people are read in it. The cases of a changed account are the caller's to return.
 */
export async function confirmRequest(
  tx: Tx,
  actor: Pick<StaffActor, 'id'>,
  requestId: string,
  now: Instant,
): Promise<Result<Confirmed, ConfirmRefusal>> {
  const found = await judged(tx, actor, requestId, now)
  if (!found.ok) return found
  const request = found.value
  if (!(await isWatchedOver(tx, request))) return err('no_auditor')
  const done = await carryOut(tx, request, now)
  if (!done.ok) return done
  const { accountId, before } = done.value
  const end = { outcome: 'confirmed', judgedById: actor.id, judgedAt: now, accountId } as const
  await closeRequest(tx, request.id, end)
  const judge = { kind: 'staff', id: actor.id } as const
  await auditRequest(tx, judge, 'account.confirm', { ...request, accountId }, now, before)
  return ok({ kind: request.kind, accountId })
}

/** Returns the account that was made or changed, and what it was before. */
async function carryOut(
  tx: Tx,
  request: OpenRequest,
  now: Instant,
): Promise<Result<{ readonly accountId: string; readonly before: ChangedFrom | null }, ConfirmRefusal>> {
  const { kind, accountId, email, name, requestedById, role, unitId, agencyId, carrierId } = request
  const asker = { kind: 'staff', id: requestedById } as const
  const post = { role, unitId, agencyId, carrierId }
  const before = accountId === null ? null : await lockPost(tx, accountId)
  const missing = await missingPlace(tx, post, before)
  if (missing) return err(missing)
  if (kind === 'invite') {
    if (email === null || name === null || (await lockByEmail(tx, email))) return err('email_taken')
    const made = await carryOutInvite(tx, asker, { ...post, email, name } satisfies NewAccount, now)
    return ok({ accountId: made, before })
  }
  if (accountId === null || !before) return err('request_gone')
  if (kind === 'change' && role !== 'auditor' && (await isLastAuditor(tx, { ...before, id: accountId })))
    return err('last_auditor')
  if (kind === 'change') await carryOutChange(tx, asker, { accountId, before, post }, now)
  else if (kind === 'reset') {
    if (!(await carryOutReset(tx, asker, { accountId, role: before.role }, now))) return err('reset_gone')
  } else {
    if (email === null || (await lockByEmail(tx, email))) return err('email_taken')
    await carryOutEmail(tx, asker, { accountId, before, email }, now)
  }
  return ok({ accountId, before })
}

/** Refuses what another person asked for an account, once a `submitKey`: nothing of it is done. */
export const refuseRequest = (
  actor: Pick<StaffActor, 'id'>,
  requestId: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<true, JudgeRefusal>> =>
  actOnce<true, JudgeRefusal>(submitKey, `account.refuse_request:${actor.id}`, now, async (tx) => {
    const found = await judged(tx, actor, requestId, now)
    if (!found.ok) return found
    await closeRequest(tx, requestId, { outcome: 'refused', judgedById: actor.id, judgedAt: now })
    await auditRequest(tx, { kind: 'staff', id: actor.id }, 'account.refuse_request', found.value, now)
    return ok(true)
  })

/** Takes back what the actor asked for, once a `submitKey`. */
export const withdrawRequest = (
  actor: Pick<StaffActor, 'id'>,
  requestId: string,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<true, 'request_gone' | 'forbidden'>> =>
  actOnce<true, 'request_gone' | 'forbidden'>(
    submitKey,
    `account.withdraw_request:${actor.id}`,
    now,
    async (tx) => {
      const request = await lockRequest(tx, requestId)
      if (!request) return err('request_gone')
      if (request.requestedById !== actor.id) return err('forbidden')
      await closeRequest(tx, requestId, { outcome: 'withdrawn', judgedById: actor.id, judgedAt: now })
      await auditRequest(tx, { kind: 'staff', id: actor.id }, 'account.withdraw_request', request, now)
      return ok(true)
    },
  )

/**
 * Does the job `account-requests`: ends requests without an answer in time, and removes what they say of a
 * person.
 */
export async function expireRequests(now: Instant): Promise<void> {
  for (const id of await lapsedRequests(now)) {
    await runInTransaction(async (tx) => {
      const request = await lockRequest(tx, id)
      if (!request || request.expiresAt > now) return ok(null)
      await closeRequest(tx, id, { outcome: 'expired', judgedById: null, judgedAt: now })
      await auditRequest(tx, { kind: 'system' }, 'account.expire_request', request, now)
      return ok(null)
    })
  }
}

/** Returns an open request that the actor may judge at this moment, locked until the transaction ends. */
async function judged(
  tx: Tx,
  actor: Pick<StaffActor, 'id'>,
  requestId: string,
  now: Instant,
): Promise<Result<OpenRequest, JudgeRefusal>> {
  const request = await lockRequest(tx, requestId)
  if (!request) return err('request_gone')
  const judge = await lockJudgeShared(tx, actor.id)
  if (!judge) return err('forbidden')
  const refusal = judgeRefusal(judge, { ...request, post: request }, now)
  if (refusal) return err(refusal)
  // A request of a person who is no longer an admin is not carried out.
  return (await isAdmin(tx, request.requestedById, now)) ? ok(request) : err('request_gone')
}

/** Writes an act on a request to the log, and tells every auditor. */
async function auditRequest(
  tx: Tx,
  actor: { readonly kind: 'staff' | 'system'; readonly id?: string },
  act: AuditAct,
  { id, kind, accountId, role }: Pick<OpenRequest, 'id' | 'kind' | 'accountId' | 'role'>,
  now: Instant,
  before: ChangedFrom | null = null,
): Promise<void> {
  await audit(tx, {
    actor,
    act,
    subject: { kind: 'account_request', id },
    facts: { kind, role, account: accountId },
    at: now,
  })
  if (actor.id !== undefined) await alertAuditors(tx, { by: actor.id, act, accountId, before }, now)
}
