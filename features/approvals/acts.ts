import '#server-only'
import { randomUUID } from 'node:crypto'
import { isInWaitingPeriod, type WaitingAccount } from '#features/accounts/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct, SubjectKind } from '#features/audit/entries/names-rules.ts'
import { accountBefore, alertAuditors, hasAuditor } from '#features/disclosures/lookups/alerts-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { digestApproval, endAltered, endApproval, lockApproval, lockPerson, lockSubject } from './data.ts'
import {
  type Approval,
  type ApprovalKind,
  type ContentOf,
  type JudgeRefusal,
  needsAuditor,
  type Person,
  rulesOf,
} from './rules.ts'

type Ending = 'confirm' | 'refuse' | 'withdraw' | 'expire' | 'replace'

export interface Deciding<K extends ApprovalKind> {
  readonly tx: Tx
  readonly request: Approval<K>
  readonly actor: StaffActor
  readonly now: Instant
}

type Facts = Readonly<Record<string, string | number | boolean | null>>

/** How to carry out one kind of request. Its feature makes it, and app/[locale]/admin/approvals/kinds.tsx lists it. */
export interface Approvable<K extends ApprovalKind, Refusal extends string = never> {
  readonly kind: K
  /** Locks what the request changes, and checks that it has not changed since the request. */
  readonly holds?: (tx: Tx, content: ContentOf<K>) => Promise<boolean>
  /**
   * Carries out the request, in the transaction of the confirmation. A refusal leaves the request open. Returns the account that
   * it made or changed, if any, and facts for the audit log.
   */
  readonly carryOut: (
    of: Deciding<K>,
  ) => Promise<Result<{ readonly accountId?: string; readonly facts?: Facts }, Refusal>>
  /**
   * Does what else belongs to a refusal or withdrawal, with the typed reason. A kind with a `life` has none, because it ends by
   * itself.
   */
  readonly drop?: (of: Deciding<K> & { readonly reason: string }) => Promise<Result<unknown, Refusal>>
  /** Runs the whole transaction in the scope that the kind's rows need. */
  readonly within?: <T>(work: () => Promise<T>, actor: StaffActor) => Promise<T>
  /** The audit entry, if its subject is not the request itself. `by_move`: a move of a case writes it. */
  readonly logs?:
    | 'by_move'
    | ((request: Approval<K>) => {
        readonly acts: Readonly<Record<'ask' | Exclude<Ending, 'expire' | 'replace'>, AuditAct>>
        readonly subject: { readonly kind: SubjectKind; readonly id: string }
        readonly caseId?: string
        readonly facts?: Facts
      })
}

/** For code that picks one of all kinds by name. */
export type AnyApprovable = {
  readonly [K in ApprovalKind]: Approvable<K, string>
}[ApprovalKind]

export type AskRefusal = 'forbidden' | 'own_account' | 'request_open' | 'no_auditor'

/**
 * Stores a request, in the caller's transaction; the caller has checked that it is possible. The same content from the same
 * person is not a second request. If the kind is `replaced`, other content ends the open request. The caller must have locked
 * that by `lockOpen`, before locking anything that a confirmation locks.
 */
export async function askApproval<K extends ApprovalKind>(
  tx: Tx,
  actor: StaffActor,
  of: Pick<Approvable<K, string>, 'kind' | 'logs'>,
  asked: { readonly subject: string; readonly content: ContentOf<K>; readonly accountId?: string | null },
  now: Instant,
): Promise<Result<string, AskRefusal>> {
  const { kind } = of
  const { subject, accountId = null } = asked
  const content = rulesOf(kind).content.parse(asked.content) as ContentOf<K>
  if (!rulesOf(kind).asks(actor, content)) return err('forbidden')
  if (accountId === actor.id) return err('own_account')
  if (needsAuditor(kind, content) && !(await hasAuditor(tx))) return err('no_auditor')
  const digest = digestApproval(kind, subject, content, actor.id)
  const open = await lockSubject(tx, subject)
  if (open && 'unread' in open) {
    if (!(await endAltered(tx, open, { state: 'replaced', decidedById: actor.id, decidedAt: now })))
      return err('request_open')
    await noteAltered(tx, actor, 'replace', open, now)
  } else if (open?.expiresAt && open.expiresAt <= now) await expireApproval(tx, open, now)
  else if (open) {
    if (open.digest === digest) return ok(open.id)
    if (open.kind !== kind || !rulesOf(kind).replaced) return err('request_open')
    await replaceApproval(tx, actor, open as Approval<K>, of, now)
  }
  const id = randomUUID()
  const row = {
    id,
    kind,
    subject,
    accountId,
    askedById: actor.id,
    askedAt: now,
    expiresAt: expiryOf(kind, now),
  }
  await tx.approval.create({ data: { ...row, content, digest }, select: { id: true } })
  await noteApproval(tx, actor, 'ask', { ...row, content, digest }, of, now)
  return ok(id)
}

const expiryOf = (of: ApprovalKind, askedAt: Instant): Instant | null => {
  const { life } = rulesOf(of)
  return life === null ? null : addMilliseconds(askedAt, life)
}

/** Ends an open request, because a person has requested something else instead, or has done it. */
export async function replaceApproval<K extends ApprovalKind>(
  tx: Tx,
  actor: StaffActor,
  open: Approval<K>,
  of: Pick<Approvable<K, string>, 'logs'>,
  now: Instant,
): Promise<void> {
  await endApproval(tx, open, { state: 'replaced', decidedById: actor.id, decidedAt: now })
  await noteApproval(tx, actor, 'replace', open, of, now)
}

/** Audits the end of a request that was altered in the database: its real content is unknown. */
export const noteAltered = (
  tx: Tx,
  actor: { readonly kind: 'staff' | 'system'; readonly id?: string },
  ending: 'expire' | 'replace',
  {
    id,
    kind,
    accountId,
    askedById: askedBy,
  }: Pick<Approval, 'id' | 'accountId' | 'askedById'> & { readonly kind: string },
  at: Instant,
): Promise<void> =>
  audit(tx, {
    actor,
    act: `approval.${ending}`,
    subject: { kind: 'approval', id },
    facts: { kind, account: accountId, askedBy, altered: true },
    at,
  })

export async function expireApproval(tx: Tx, request: Approval, now: Instant): Promise<void> {
  await endApproval(tx, request, { state: 'expired', decidedById: null, decidedAt: now })
  await noteApproval(tx, { kind: 'system' }, 'expire', request, {}, now)
}

interface Decision {
  readonly approvalId: string
  readonly digest: string
  readonly submitKey: string
  /** For kinds that are `reasoned`. */
  readonly reason?: string | undefined
}

type ConfirmRefusal = JudgeRefusal | 'changed' | 'no_auditor'

/**
 * Confirms and carries out another person's request, once per `submitKey`. Reads role, place and waiting period of both people
 * in the transaction. Of two simultaneous confirmations only one succeeds.
 */
export function confirmApproval<K extends ApprovalKind, Refusal extends string>(
  actor: StaffActor,
  of: Approvable<K, Refusal>,
  { approvalId, digest, submitKey }: Decision,
  now: Instant,
): Promise<Result<string, ConfirmRefusal | Refusal>> {
  return decide<ConfirmRefusal | Refusal>(of, actor, 'confirm', submitKey, now, async (tx) => {
    const found = await lockDecidable(tx, actor, of, { approvalId, digest }, now)
    if (!found.ok) return found
    const { request, judge } = found.value
    if (needsAuditor(request.kind, request.content) && !(await hasAuditor(tx))) return err('no_auditor')
    const before = request.accountId === null ? null : await accountBefore(tx, request.accountId)
    if (of.holds && !(await of.holds(tx, request.content))) return err('changed')
    // Before carrying it out, because database triggers may check for the confirmation.
    await endApproval(tx, request, { state: 'confirmed', decidedById: actor.id, decidedAt: now })
    const done = await of.carryOut({ tx, request, actor: judge, now })
    if (!done.ok) return done
    const { facts, ...made } = done.value
    const told = { ...request, ...made }
    await noteApproval(tx, judge, 'confirm', told, of, now, { before, ...(facts && { facts }) })
    return ok(approvalId)
  })
}

export const refuseApproval = <K extends ApprovalKind, Refusal extends string>(
  actor: StaffActor,
  of: Approvable<K, Refusal>,
  { approvalId, digest, submitKey, reason = '' }: Decision,
  now: Instant,
): Promise<Result<string, ConfirmRefusal | Refusal>> =>
  decide<ConfirmRefusal | Refusal>(of, actor, 'refuse', submitKey, now, async (tx) => {
    const found = await lockDecidable(tx, actor, of, { approvalId, digest }, now)
    if (!found.ok) return found
    const { request, judge } = found.value
    return drop({ tx, request, actor: judge, now, reason }, 'refuse', of)
  })

export const withdrawApproval = <K extends ApprovalKind, Refusal extends string>(
  actor: StaffActor,
  of: Approvable<K, Refusal>,
  { approvalId, submitKey, reason = '' }: Omit<Decision, 'digest'>,
  now: Instant,
): Promise<Result<string, 'request_gone' | 'forbidden' | Refusal>> =>
  decide<'request_gone' | 'forbidden' | Refusal>(of, actor, 'withdraw', submitKey, now, async (tx) => {
    const request = await lockApproval(tx, approvalId)
    if (request?.kind !== of.kind) return err('request_gone')
    const asker = request.askedById === actor.id ? await lockPerson(tx, actor.id) : null
    if (!asker) return err('forbidden')
    return drop({ tx, request: request as Approval<K>, actor: asker, now, reason }, 'withdraw', of)
  })

const decide = <E>(
  { within = (work) => work() }: Pick<AnyApprovable, 'within'>,
  actor: StaffActor,
  ending: 'confirm' | 'refuse' | 'withdraw',
  submitKey: string,
  now: Instant,
  work: (tx: Tx) => Promise<Result<string, E>>,
): Promise<Result<string, E>> =>
  within(() => actOnce<string, E>(submitKey, `approval.${ending}:${actor.id}`, now, work), actor)

/** Returns an open request, if the actor may decide it now and it is what they saw. Locks it until the transaction ends. */
async function lockDecidable<K extends ApprovalKind>(
  tx: Tx,
  actor: Pick<StaffActor, 'id'>,
  { kind }: Pick<Approvable<K>, 'kind'>,
  { approvalId, digest }: Omit<Decision, 'submitKey'>,
  now: Instant,
): Promise<Result<{ readonly request: Approval<K>; readonly judge: StaffActor }, ConfirmRefusal>> {
  const request = await lockApproval(tx, approvalId)
  if (request?.kind !== kind) return err('request_gone')
  const [judge, asker] = [await lockPerson(tx, actor.id), await lockPerson(tx, request.askedById)]
  if (!judge) return err('forbidden')
  const refusal = refuseJudge(judge, request, now)
  if (refusal) return err(refusal)
  if (digest !== request.digest) return err('changed')
  // The person who asked must still have the permission, and be past the waiting period.
  const stands = asker !== null && asker.decidesFrom <= now && rulesOf(kind).asks(asker, request.content)
  return stands ? ok({ request: request as Approval<K>, judge }) : err('request_gone')
}

function refuseJudge(by: Person & WaitingAccount, request: Approval, now: Instant): JudgeRefusal | null {
  if (!rulesOf(request.kind).judges(by, request.content)) return 'forbidden'
  if (request.accountId === by.id) return 'own_account'
  if (request.askedById === by.id) return 'own_request'
  if (isInWaitingPeriod(by, now)) return 'waiting'
  return request.expiresAt !== null && request.expiresAt <= now ? 'request_gone' : null
}

async function drop<K extends ApprovalKind, Refusal extends string>(
  dropping: Deciding<K> & { readonly reason: string },
  ending: 'refuse' | 'withdraw',
  of: Approvable<K, Refusal>,
): Promise<Result<string, Refusal>> {
  const { tx, request, actor, now } = dropping
  const dropped = (await of.drop?.(dropping)) ?? ok(null)
  if (!dropped.ok) return dropped
  const state = ending === 'refuse' ? 'refused' : 'withdrawn'
  await endApproval(tx, request, { state, decidedById: actor.id, decidedAt: now })
  await noteApproval(tx, actor, ending, request, of, now)
  return ok(request.id)
}

/** Audits an act on a request, and alerts the auditors if its kind is watched. */
export async function noteApproval<K extends ApprovalKind>(
  tx: Tx,
  actor: { readonly kind: 'staff' | 'system'; readonly id?: string },
  ending: 'ask' | Ending,
  request: Approval<K>,
  { logs }: Pick<Approvable<K, string>, 'logs'>,
  now: Instant,
  {
    before = null,
    facts: done = {},
  }: { readonly before?: Awaited<ReturnType<typeof accountBefore>>; readonly facts?: Facts } = {},
): Promise<void> {
  const { id, kind, accountId, askedById } = request
  const kept = ending !== 'expire' && ending !== 'replace'
  if (logs === 'by_move' && kept) return
  const own = logs === 'by_move' ? undefined : logs?.(request)
  const act = own && kept ? own.acts[ending] : (`approval.${ending}` as const)
  const { subject = { kind: 'approval', id } as const, caseId, facts } = own ?? {}
  const said = {
    kind,
    account: accountId,
    ...(ending !== 'ask' && { askedBy: askedById }),
    ...facts,
    ...done,
  }
  await audit(tx, { actor, act, subject, ...(caseId !== undefined && { caseId }), facts: said, at: now })
  if (actor.id !== undefined && rulesOf(kind).watched)
    await alertAuditors(tx, { by: actor.id, act, accountId, before }, now)
}
