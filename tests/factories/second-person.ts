import { randomUUID } from 'node:crypto'
import {
  changeOfAddress,
  dismissal,
  newAccount,
  resetOfSignIn,
  takingBack,
} from '#features/accounts/commands/approvals.ts'
import {
  type Approvable,
  confirmApproval,
  refuseApproval,
  withdrawApproval,
} from '#features/approvals/acts.ts'
import type { ApprovalKind } from '#features/approvals/rules.ts'
import { staffPost } from '#features/cases/commands/staffing.ts'
import {
  askForSecondPerson,
  type RequestSubject,
  reversal,
  withdrawal,
} from '#features/city-report/commands/second-person.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { RawForm } from '#lib/raw-form.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from './staff.ts'

/** Has an act done that needs two survey managers: one asks, another confirms. Returns the answer to the second. */
export async function byTwo(
  asker: StaffActor,
  subject: RequestSubject,
  typed: RawForm,
  now: Instant,
): ReturnType<typeof confirm> {
  const asked = await askForSecondPerson(asker, { subject, typed, submitKey: randomUUID() }, now)
  if (!asked.ok) throw new Error(`not asked: ${JSON.stringify(asked.error)}`)
  const second = await makeStaff('survey_manager')
  return confirm(second, asked.value, now)
}

/** Each kind of requests with what carries it out, as the desk has them (app/[locale]/admin/approvals/kinds.tsx). */
const APPROVABLES: { readonly [K in ApprovalKind]: Approvable<K, string> } = {
  'account.invite': newAccount,
  'account.reset': resetOfSignIn,
  'account.enable': takingBack,
  'account.disable': dismissal,
  'account.change': staffPost,
  'account.email': changeOfAddress,
  'survey.reversal': reversal,
  'survey.withdrawal': withdrawal,
}

const approvableOf = (kind: string) => APPROVABLES[kind as ApprovalKind] as Approvable<ApprovalKind, string>

const decided =
  (decide: typeof confirmApproval<ApprovalKind, string>) =>
  /** Decides a request as its page shows it now, or with the digest of something else. */
  async (
    actor: Pick<StaffActor, 'id'>,
    approvalId: string,
    now: Instant,
    { submitKey = randomUUID(), digest }: { readonly submitKey?: string; readonly digest?: string } = {},
  ) => {
    const row = await db.approval.findUniqueOrThrow({ where: { id: approvalId } })
    const input = { approvalId, digest: digest ?? row.digest ?? '', submitKey }
    return decide(actor, approvableOf(row.kind), input, now)
  }

export const confirm = decided(confirmApproval)
export const refuse = decided(refuseApproval)
export const withdraw = decided(withdrawApproval)

/** Returns the id of the newest request that is open. */
export const openApproval = async (): Promise<string> =>
  (await db.approval.findFirstOrThrow({ where: { state: 'asked' }, orderBy: { askedAt: 'desc' } })).id

/** Has another admin confirm what was asked last. */
export async function confirmLast(now: Instant, second?: Pick<StaffActor, 'id'>): Promise<void> {
  const done = await confirm(second ?? (await makeStaff('admin')), await openApproval(), now)
  if (!done.ok) throw new Error(`not confirmed: ${done.error}`)
}
