'use server'
import { z } from 'zod'
import {
  type AnyApprovable,
  type Approvable,
  confirmApproval,
  refuseApproval,
  withdrawApproval,
} from '#features/approvals/acts.ts'
import { APPROVAL_KINDS, type ApprovalKind, rulesOf } from '#features/approvals/rules.ts'
import { askLoan } from '#features/cases/deciders/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { DESK } from './kinds.tsx'

const schema = z.object({
  approvalId: z.uuid('general.invalid'),
  /** The request's kind decides whether a code is needed; a request of another kind is refused. */
  kind: z.enum(APPROVAL_KINDS, 'general.invalid'),
  digest: z.string().max(64, 'general.invalid'),
  /** Only for kinds whose refusal needs a reason. */
  reason: z.string().trim().max(5_000, 'case.text_too_long').default(''),
  submitKey: requiredSubmitKey,
})

/** Returns what carries a kind out; it compares the kind with the stored one. */
const approvableOf = (kind: ApprovalKind) =>
  DESK[kind].approvable satisfies AnyApprovable as Approvable<ApprovalKind, string>

const OF_ALL = ['own_account', 'own_request', 'waiting', 'request_gone', 'changed', 'no_auditor']
const refused = (kind: ApprovalKind, error: string) => {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error === 'text_missing') return { faults: { reason: 'case.text_missing' } }
  return { faults: { form: `${OF_ALL.includes(error) ? 'approval' : DESK[kind].faults}.${error}` } }
}

/** Runs the act of a request's button, and redirects to the list of approvals. */
const deciding =
  (
    decide: typeof refuseApproval<ApprovalKind, string>,
    done: 'confirmed' | 'refused' | 'withdrawn',
  ): Parameters<typeof staffAction<typeof schema>>[1] =>
  async (actor, { kind, ...input }, { locale, now }) => {
    const decided = await decide(actor, approvableOf(kind), input, now)
    if (!decided.ok) return refused(kind, decided.error)
    return { to: pathFor(locale, { pathname: '/admin/approvals', query: { done } }) }
  }

export const confirmApprovalAction = staffAction(
  { schema, permission: 'approval:decide', stepUp: ({ kind }) => rulesOf(kind).stepUp },
  deciding(confirmApproval, 'confirmed'),
)

export const refuseApprovalAction = staffAction(
  { schema, permission: 'approval:decide' },
  deciding(refuseApproval, 'refused'),
)

export const withdrawApprovalAction = staffAction(
  { schema, permission: 'approval:decide' },
  deciding(withdrawApproval, 'withdrawn'),
)

export const lendAction = staffForm(askLoan)
