import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct, SubjectKind } from '#features/audit/rules/acts.ts'
import { accountBefore, alertAuditors, hasAuditor } from '#features/disclosures/commands/account-alert.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { digestOf, endApproval, lockApproval, lockPerson, lockSubject } from './data.ts'
import {
  type Approval,
  type ApprovalKind,
  type ContentOf,
  expiryOf,
  type JudgeRefusal,
  needsAuditor,
  refuseJudge,
  rulesOf,
} from './rules.ts'

type Before = Awaited<ReturnType<typeof accountBefore>>
type Ending = 'confirm' | 'refuse' | 'withdraw' | 'expire'

/** The transaction in which a request is decided, by whom. */
export interface Deciding<K extends ApprovalKind> {
  readonly tx: Tx
  readonly request: Approval<K>
  readonly actor: { readonly kind: 'staff'; readonly id: string }
  readonly now: Instant
}

type Facts = Readonly<Record<string, string | number | boolean | null>>

/** What a confirmation has done: the account that it made or changed, where there is one, and what the log says of it. */
export interface CarriedOut {
  readonly accountId?: string
  readonly facts?: Facts
}

/** How one kind of requests is carried out; its feature makes it, and app/[locale]/admin/approvals/kinds.tsx lists it. */
export interface Approvable<K extends ApprovalKind, Refusal extends string = never> {
  readonly kind: K
  /** Locks what the request changes, and tells whether it is still as it was when it was asked for. */
  readonly holds?: (tx: Tx, content: ContentOf<K>) => Promise<boolean>
  /** Does what was asked, in the transaction of the confirmation. What it refuses leaves the request open. */
  readonly carryOut: (of: Deciding<K>) => Promise<Result<CarriedOut, Refusal>>
  /** Does what else goes with a refusal or a withdrawal. A kind that ends by itself (`life`) has none. */
  readonly drop?: (of: Deciding<K>) => Promise<void>
  /** Runs the whole transaction in the scope that the kind's rows need. */
  readonly within?: <T>(work: () => Promise<T>) => Promise<T>
  /** What the log says, where it is not the request itself. */
  readonly logs?: (request: Approval<K>) => {
    readonly acts: Readonly<Record<'ask' | Exclude<Ending, 'expire'>, AuditAct>>
    readonly subject: { readonly kind: SubjectKind; readonly id: string }
    readonly caseId?: string
    readonly facts?: Facts
  }
}

/** Lets any kind stand for another where one of many is chosen by name. */
export type AnyApprovable = {
  readonly [K in ApprovalKind]: Approvable<K, string>
}[ApprovalKind]

export type AskRefusal = 'forbidden' | 'own_account' | 'request_open' | 'no_auditor'

/**
 * Writes down what a person asks for, in the caller's transaction, once the caller has checked that it is possible. The
 * same content asked for again by the same person is no second request.
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
  const digest = digestOf(kind, subject, content, actor.id)
  const open = await lockSubject(tx, subject)
  if (open?.expiresAt && open.expiresAt <= now) await expireApproval(tx, open, now)
  else if (open) return open.digest === digest ? ok(open.id) : err('request_open')
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

/** Ends a request without an answer in time, and removes what it says of a person. */
export async function expireApproval(tx: Tx, request: Approval, now: Instant): Promise<void> {
  await endApproval(tx, request, { state: 'expired', decidedById: null, decidedAt: now })
  await noteApproval(tx, { kind: 'system' }, 'expire', request, {}, now)
}

interface Decision {
  readonly approvalId: string
  /** The digest of what the person saw. */
  readonly digest: string
  readonly submitKey: string
}

export type ConfirmRefusal = JudgeRefusal | 'changed' | 'no_auditor'

/**
 * Confirms what another person asked for and carries it out, once a `submitKey`. Role, place and waiting period of both
 * people are read in the transaction. Of two who confirm at once one does it.
 */
export function confirmApproval<K extends ApprovalKind, Refusal extends string>(
  actor: Pick<StaffActor, 'id'>,
  of: Approvable<K, Refusal>,
  { approvalId, digest, submitKey }: Decision,
  now: Instant,
): Promise<Result<string, ConfirmRefusal | Refusal>> {
  return decide<string, ConfirmRefusal | Refusal>(
    of,
    submitKey,
    `approval.confirm:${actor.id}`,
    now,
    async (tx) => {
      const found = await lockDecidable(tx, actor, of, { approvalId, digest }, now)
      if (!found.ok) return found
      const request = found.value
      if (needsAuditor(request.kind, request.content) && !(await hasAuditor(tx))) return err('no_auditor')
      const before = request.accountId === null ? null : await accountBefore(tx, request.accountId)
      if (of.holds && !(await of.holds(tx, request.content))) return err('changed')
      const by = { kind: 'staff', id: actor.id } as const
      // Ended first: triggers on what is carried out may ask for the confirmation.
      await endApproval(tx, request, { state: 'confirmed', decidedById: actor.id, decidedAt: now })
      const done = await of.carryOut({ tx, request, actor: by, now })
      if (!done.ok) return done
      const { facts, ...made } = done.value
      await noteApproval(tx, by, 'confirm', { ...request, ...made }, of, now, {
        before,
        ...(facts && { facts }),
      })
      return ok(approvalId)
    },
  )
}

/** Refuses what another person asked for, once a `submitKey`: nothing of it is done. */
export const refuseApproval = <K extends ApprovalKind>(
  actor: Pick<StaffActor, 'id'>,
  of: Approvable<K, string>,
  { approvalId, digest, submitKey }: Decision,
  now: Instant,
): Promise<Result<string, ConfirmRefusal>> =>
  decide(of, submitKey, `approval.refuse:${actor.id}`, now, async (tx) => {
    const found = await lockDecidable(tx, actor, of, { approvalId, digest }, now)
    return found.ok ? ok(await drop(tx, actor, 'refuse', found.value, of, now)) : found
  })

/** Takes back what the actor asked for, once a `submitKey`. */
export const withdrawApproval = <K extends ApprovalKind>(
  actor: Pick<StaffActor, 'id'>,
  of: Approvable<K, string>,
  { approvalId, submitKey }: Omit<Decision, 'digest'>,
  now: Instant,
): Promise<Result<string, 'request_gone' | 'forbidden'>> =>
  decide(of, submitKey, `approval.withdraw:${actor.id}`, now, async (tx) => {
    const request = await lockApproval(tx, approvalId)
    if (request?.kind !== of.kind) return err('request_gone')
    if (request.askedById !== actor.id) return err('forbidden')
    return ok(await drop(tx, actor, 'withdraw', request as Approval<K>, of, now))
  })

function decide<T extends string, E>(
  { within = (work) => work() }: Pick<AnyApprovable, 'within'>,
  submitKey: string,
  act: string,
  now: Instant,
  work: (tx: Tx) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  return within(() => actOnce<T, E>(submitKey, act, now, work))
}

/** Returns an open request that the actor may decide at this moment as they saw it, locked until the transaction ends. */
async function lockDecidable<K extends ApprovalKind>(
  tx: Tx,
  actor: Pick<StaffActor, 'id'>,
  { kind }: Pick<Approvable<K>, 'kind'>,
  { approvalId, digest }: Omit<Decision, 'submitKey'>,
  now: Instant,
): Promise<Result<Approval<K>, ConfirmRefusal>> {
  const request = await lockApproval(tx, approvalId)
  if (request?.kind !== kind) return err('request_gone')
  const [judge, asker] = [await lockPerson(tx, actor.id), await lockPerson(tx, request.askedById)]
  if (!judge) return err('forbidden')
  const refusal = refuseJudge(judge, request, now)
  if (refusal) return err(refusal)
  if (digest !== request.digest) return err('changed')
  // What a person asked for who may not ask for it any more, or only reads by now, is not done.
  const stands = asker !== null && asker.decidesFrom <= now && rulesOf(kind).asks(asker, request.content)
  return stands ? ok(request as Approval<K>) : err('request_gone')
}

async function drop<K extends ApprovalKind>(
  tx: Tx,
  { id }: Pick<StaffActor, 'id'>,
  ending: 'refuse' | 'withdraw',
  request: Approval<K>,
  of: Approvable<K, string>,
  now: Instant,
): Promise<string> {
  const actor = { kind: 'staff', id } as const
  await of.drop?.({ tx, request, actor, now })
  const state = ending === 'refuse' ? 'refused' : 'withdrawn'
  await endApproval(tx, request, { state, decidedById: id, decidedAt: now })
  await noteApproval(tx, actor, ending, request, of, now)
  return request.id
}

/** Writes an act on a request to the log, and tells every auditor where its kind is watched. */
export async function noteApproval<K extends ApprovalKind>(
  tx: Tx,
  actor: { readonly kind: 'staff' | 'system'; readonly id?: string },
  ending: 'ask' | Ending,
  request: Approval<K>,
  { logs }: Pick<Approvable<K, string>, 'logs'>,
  now: Instant,
  { before = null, facts: done = {} }: { readonly before?: Before; readonly facts?: Facts } = {},
): Promise<void> {
  const { id, kind, accountId, askedById } = request
  const own = logs?.(request)
  const act = own && ending !== 'expire' ? own.acts[ending] : (`approval.${ending}` as const)
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
