import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  changeOfAddress,
  dismissal,
  newAccount,
  resetOfSignIn,
  takingBack,
} from '#features/accounts/approvals-acts.ts'
import { newReceiverAddress, newReceiverKey, newReceiverSecret } from '#features/alerts/receivers/acts.ts'
import {
  type Approvable,
  confirmApproval,
  refuseApproval,
  withdrawApproval,
} from '#features/approvals/acts.ts'
import type { ApprovalKind } from '#features/approvals/rules.ts'
import { loan } from '#features/cases/deciders/acts.ts'
import { staffPost } from '#features/cases/staffing/acts.ts'
import {
  askReversal,
  askWithdrawal,
  type RequestSubject,
  reversing,
  withdrawing,
} from '#features/city-report/acts.ts'
import { newWay, setDelivery } from '#features/exchange/delivery/acts.ts'
import { exempting } from '#features/exchange/exemptions/acts.ts'
import { exemptionSubject, reasonOf } from '#features/exchange/exemptions/rules.ts'
import { askKey, askSecret, newKey, newSecret, takeKey, takeSecret } from '#features/exchange/keys/acts.ts'
import { decidingRelease, newMode } from '#features/exchange/releases/acts.ts'
import { releaseDecision, releaseSubject } from '#features/exchange/releases/rules.ts'
import { judging } from '#features/exchange/shared-words/acts.ts'
import { sharedWordsSubject } from '#features/exchange/shared-words/rules.ts'
import { lifting, placing } from '#features/privacy/legal-holds/acts.ts'
import { grant } from '#features/privacy/requests/answer-acts.ts'
import { endingTrial as decidingTrial, trying } from '#features/questionnaires/versions/acts.ts'
import { drawing } from '#features/ratings/invitations/acts.ts'
import { removingWeeks } from '#features/ratings/removals/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { must } from '#tests/must.ts'
import { makeStaff } from './staff.ts'

/** Asks for an act that needs two survey managers, as its form does. */
export const askOfTwo = (asker: StaffActor, sent: RequestSubject & RawForm, now: Instant) => {
  const form = { submitKey: randomUUID(), ...sent }
  return 'exclusionId' in form ? askReversal(asker, form, now) : askWithdrawal(asker, form, now)
}

/** Does an act that needs two survey managers: one asks, another confirms. Returns the result of the confirmation. */
export async function byTwo(
  asker: StaffActor,
  subject: RequestSubject,
  typed: RawForm,
  now: Instant,
): ReturnType<typeof confirm> {
  const asked = must(await askOfTwo(asker, { ...subject, ...typed }, now))
  const second = await makeStaff('survey_manager')
  return confirm(second, asked, now)
}

/** The approvable of each kind of request, as on the desk (app/[locale]/admin/approvals/kinds.tsx). */
const APPROVABLES: { readonly [K in ApprovalKind]: Approvable<K, string> } = {
  'case.lend': loan,
  'account.invite': newAccount,
  'account.reset': resetOfSignIn,
  'account.enable': takingBack,
  'account.disable': dismissal,
  'account.change': staffPost,
  'account.email': changeOfAddress,
  'survey.reversal': reversing,
  'survey.withdrawal': withdrawing,
  'survey.kiosk_removal': removingWeeks,
  'survey.draw': drawing,
  'survey.trial': trying,
  'survey.trial_decision': decidingTrial,
  'case.erasure': grant,
  'case.legal_hold': placing,
  'case.legal_hold_end': lifting,
  'order.exemption': exempting,
  'order.release': decidingRelease,
  'order.shared_words': judging,
  'carrier.key': newKey,
  'carrier.secret': newSecret,
  'carrier.way': newWay,
  'carrier.mode': newMode,
  'receiver.key': newReceiverKey,
  'receiver.secret': newReceiverSecret,
  'receiver.address': newReceiverAddress,
}

const approvableOf = (kind: string) => APPROVABLES[kind as ApprovalKind] as Approvable<ApprovalKind, string>

const decided =
  (decide: typeof confirmApproval<ApprovalKind, string>) =>
  /** Decides a request as its page shows it now, or with the digest of another content. */
  async (
    actor: StaffActor,
    approvalId: string,
    now: Instant,
    {
      submitKey = randomUUID(),
      ...more
    }: { readonly submitKey?: string; readonly digest?: string; readonly reason?: string } = {},
  ) => {
    const row = await db.approval.findUniqueOrThrow({ where: { id: approvalId } })
    const input = { approvalId, digest: row.digest ?? '', submitKey, ...more }
    return decide(actor, approvableOf(row.kind), input, now)
  }

export const confirm = decided(confirmApproval)
export const refuse = decided(refuseApproval)
export const withdraw = decided(withdrawApproval)

/** Returns the id of the newest open request. */
export const openApproval = async (): Promise<string> =>
  (await db.approval.findFirstOrThrow({ where: { state: 'asked' }, orderBy: { askedAt: 'desc' } })).id

/** Confirms the newest request as another admin, or for a carrier as another of its people. */
export async function confirmLast(now: Instant, second?: StaffActor): Promise<void> {
  const { id, content } = await db.approval.findUniqueOrThrow({ where: { id: await openApproval() } })
  const { carrierId } = content as { readonly carrierId?: string }
  const by = second ?? (await (carrierId ? makeStaff('carrier', { carrierId }) : makeStaff('admin')))
  must(await confirm(by, id, now))
}

/** Confirms an order's exemption, as a person who has read this reason. */
export async function confirmExemption(
  actor: StaffActor,
  { orderId, reason, submitKey }: { orderId: string; reason: string; submitKey: string },
  now: Instant,
): Promise<Result<string, string>> {
  const where = { subject: exemptionSubject(orderId) }
  const asked = await db.approval.findFirst({ where, orderBy: { askedAt: 'desc' } })
  if (!asked) return err('request_gone')
  const seen = reasonOf(asked) === reason ? {} : { digest: 'of other words' }
  return confirm(actor, asked.id, now, { submitKey, ...seen })
}

/** Confirms the newest request about a carrier's waiting words. */
export async function confirmSharedWords(
  actor: StaffActor,
  { carrierId, submitKey }: { readonly carrierId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, string>> {
  const where = { subject: sharedWordsSubject(carrierId) }
  const asked = await db.approval.findFirst({ where, orderBy: { askedAt: 'desc' } })
  return asked ? confirm(actor, asked.id, now, { submitKey }) : err('request_gone')
}

/** Confirms the request about a release, as a person who has read this content. */
export async function confirmRelease(
  actor: StaffActor,
  {
    releaseId,
    submitKey,
    ...read
  }: {
    releaseId: string
    outcome: string
    reason: string
    withheld?: readonly string[]
    submitKey: string
  },
  now: Instant,
): Promise<Result<string, string>> {
  const where = { subject: releaseSubject(releaseId) }
  const asked = await db.approval.findFirst({ where, orderBy: [{ state: 'asc' }, { askedAt: 'desc' }] })
  if (!asked) return err('request_gone')
  const { releaseId: _, ...content } = releaseDecision.parse(asked.content)
  const seen = isDeepStrictEqual({ withheld: [], ...read }, content) ? {} : { digest: 'of something else' }
  return confirm(actor, asked.id, now, { submitKey, ...seen })
}

/** Makes an auditor if there is none, because without one no act that needs two people can be requested. */
async function someAuditor(): Promise<void> {
  const there = await db.staffAccount.count({ where: { role: 'auditor', active: true } })
  if (there === 0) await makeStaff('auditor')
}

interface OfCarrier {
  readonly carrierId: string
  readonly submitKey: string
}

const byTwoOfCarrier =
  <AskRefusal, TakeRefusal>(
    ask: (actor: StaffActor, input: OfCarrier, now: Instant) => Promise<Result<unknown, AskRefusal>>,
    take: (
      actor: StaffActor,
      input: { readonly approvalId: string; readonly submitKey: string },
      now: Instant,
    ) => Promise<Result<string, TakeRefusal>>,
  ) =>
  async (
    actor: StaffActor,
    { carrierId, submitKey }: OfCarrier,
    now: Instant,
  ): Promise<Result<string, AskRefusal | TakeRefusal>> => {
    await someAuditor()
    const asked = await ask(actor, { carrierId, submitKey: randomUUID() }, now)
    if (!asked.ok) return asked
    const approvalId = await openApproval()
    await confirmLast(now)
    return take(actor, { approvalId, submitKey }, now)
  }

/** Makes a key with two people: one asks, another confirms, the first collects it. */
export const issueKey = byTwoOfCarrier(askKey, takeKey)
/** Makes a signing secret in the same way. */
export const makeSecret = byTwoOfCarrier(askSecret, takeSecret)

/** Sets a carrier's way of delivery with two people. */
export async function setDeliveryByTwo(
  actor: StaffActor,
  input: Parameters<typeof setDelivery>[1],
  now: Instant,
): ReturnType<typeof setDelivery> {
  await someAuditor()
  const asked = await setDelivery(actor, input, now)
  if (asked.ok) await confirmLast(now)
  return asked
}
