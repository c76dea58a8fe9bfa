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
  /** Refused where the request is of another kind: a code is asked for by it. */
  kind: z.enum(APPROVAL_KINDS, 'general.invalid'),
  digest: z.string().max(64, 'general.invalid'),
  /** Of kinds whose refusal says why. */
  reason: z.string().trim().max(5_000, 'case.text_too_long').default(''),
  submitKey: requiredSubmitKey,
})

/** Carries a kind out; the functions that take it compare its kind with the stored one. */
const approvableOf = (kind: ApprovalKind) =>
  DESK[kind].approvable satisfies AnyApprovable as Approvable<ApprovalKind, string>

const OF_ALL = ['own_account', 'own_request', 'waiting', 'request_gone', 'changed', 'no_auditor']
const refused = (kind: ApprovalKind, error: string) => {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error === 'text_missing') return { faults: { reason: 'case.text_missing' } }
  return { faults: { form: `${OF_ALL.includes(error) ? 'approval' : DESK[kind].faults}.${error}` } }
}

const to = (locale: 'vi' | 'en', done: 'confirmed' | 'refused' | 'withdrawn') => ({
  to: pathFor(locale, { pathname: '/admin/approvals', query: { done } }),
})

export const confirmApprovalAction = staffAction(
  { schema, permission: 'approval:decide', stepUp: ({ kind }) => rulesOf(kind).stepUp },
  async (actor, { kind, ...input }, { locale, now }) => {
    const done = await confirmApproval(actor, approvableOf(kind), input, now)
    return done.ok ? to(locale, 'confirmed') : refused(kind, done.error)
  },
)

export const refuseApprovalAction = staffAction(
  { schema, permission: 'approval:decide' },
  async (actor, { kind, ...input }, { locale, now }) => {
    const done = await refuseApproval(actor, approvableOf(kind), input, now)
    return done.ok ? to(locale, 'refused') : refused(kind, done.error)
  },
)

export const withdrawApprovalAction = staffAction(
  { schema, permission: 'approval:decide' },
  async (actor, { kind, ...input }, { locale, now }) => {
    const done = await withdrawApproval(actor, approvableOf(kind), input, now)
    return done.ok ? to(locale, 'withdrawn') : refused(kind, done.error)
  },
)

export const lendAction = staffForm(askLoan)
