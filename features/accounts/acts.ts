import '#server-only'
import { z } from 'zod'
import { type AskRefusal, askApproval } from '#features/approvals/acts.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { alertAuditors } from '#features/disclosures/lookups/alerts-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { parseEmail } from '#lib/person/email.ts'
import { parseName } from '#lib/person/name.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { type AskOutcome, askOfAccount, disableAccount, newAccount, refuseAddress } from './approvals-acts.ts'
import { findMissingPlace, lockAdmins, lockOtherAuditors, lockPost } from './data.ts'
import { POST_FIELDS, type Post, type PostFault, postFault, postOf, samePost } from './rules.ts'
import { endSessionsOf } from './sign-in/acts.ts'

const refusePlace = (fault: PostFault) => refuse(fault, `${fault.split('_')[0]}Id`)

/** Requests an invitation. The account is made and the link mailed only when a second person confirms. */
export const invite = act({
  name: 'account.invite',
  permission: 'account:manage',
  stepUp: 'always',
  faults: 'sign_in',
  input: z.object({
    name: z.string('sign_in.name_missing').transform((text, context) => {
      const name = parseName(text)
      if (name.ok) return name.value
      context.addIssue({ code: 'custom', message: 'sign_in.name_missing' })
      return z.NEVER
    }),
    email: z.string('sign_in.empty_email').min(1, 'sign_in.empty_email'),
    ...POST_FIELDS,
  }),
  async run({ tx, actor, input, now }) {
    const parsed = parseEmail(input.email)
    if (!parsed.ok) return refuse('email_invalid', 'email')
    const fault = postFault(input)
    if (fault) return refusePlace(fault)
    const [email, after] = [parsed.value.toLowerCase(), postOf(input)]
    if (!(await lockAdmins(tx)).includes(actor.id)) return refuse('forbidden')
    const missing = await findMissingPlace(tx, after)
    if (missing) return refusePlace(missing)
    const refusal = await refuseAddress(tx, email)
    if (refusal) return refuse(refusal, 'email')
    const content = { email, name: input.name, after }
    const asked = await askApproval(tx, actor, newAccount, { subject: `address:${email}`, content }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

/** Begins a change of another's account by an active admin. Locks all admins' rows, so that the last one cannot be removed. */
async function beginChange(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
): Promise<
  Result<
    Post & { readonly active: boolean; readonly email: string },
    'forbidden' | 'own_account' | 'not_found'
  >
> {
  if (!may(actor.role, 'account:manage')) return err('forbidden')
  if (!(await lockAdmins(tx)).includes(actor.id)) return err('forbidden')
  if (actor.id === accountId) return err('own_account')
  const before = await lockPost(tx, accountId)
  return before ? ok(before) : err('not_found')
}

/** Disables an account at once, an auditor by two people; enables one by two. The caller returns the account's cases. */
export async function setActive(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
  active: boolean,
  now: Instant,
): Promise<Result<AskOutcome, AskRefusal | 'not_found' | 'last_auditor' | PostFault>> {
  const before = await beginChange(tx, actor, accountId)
  if (!before.ok) return before
  if (before.value.active === active) return ok('done')
  const post = postOf(before.value)
  if (active) return askOfAccount(tx, actor, 'account.enable', { accountId, before: post }, now)
  if ((await lockOtherAuditors(tx, accountId)) === 0) return err('last_auditor')
  if (post.role === 'auditor')
    return askOfAccount(tx, actor, 'account.disable', { accountId, before: post }, now)
  await disableAccount(tx, accountId, now)
  await audit(tx, { actor, act: 'account.disable', subject: { kind: 'account', id: accountId }, at: now })
  await alertAuditors(tx, { by: actor.id, act: 'account.disable', accountId }, now)
  return ok('done')
}

const onAccount = {
  ...({ permission: 'account:manage', stepUp: 'always', faults: 'sign_in' } as const),
  page: ({ accountId }: { readonly accountId: string }, value: string) => ({
    pathname: '/admin/accounts/[account]' as const,
    params: { account: accountId },
    query: { done: value === 'requested' ? value : 'saved' },
  }),
}

/** Requests another post for a person. Once confirmed, it applies from their next request on. */
export const setPost = act({
  ...onAccount,
  name: 'account.change',
  input: z.object({ accountId: z.uuid('general.invalid'), ...POST_FIELDS }),
  async run({ tx, actor, input: { accountId, ...post }, now }) {
    const fault = postFault(post)
    if (fault) return refusePlace(fault)
    const begun = await beginChange(tx, actor, accountId)
    if (!begun.ok) return refuse(begun.error)
    const before = postOf(begun.value)
    // They have this post already, perhaps because the same form was sent twice.
    if (samePost(before, post)) return logged('done')
    const missing = await findMissingPlace(tx, post, before)
    if (missing) return refusePlace(missing)
    const content = { accountId, before, after: postOf(post) }
    const asked = await askOfAccount(tx, actor, 'account.change', content, now)
    return asked.ok ? logged(asked.value) : refuse(asked.error)
  },
})

/** Requests another address for an account. When the address changes, the old one gets a mail too. */
export const setEmail = act({
  ...onAccount,
  name: 'account.change_email',
  once: (actorId) => `account.email:${actorId}`,
  input: z.object({
    accountId: z.uuid('general.invalid'),
    newEmail: z.string('sign_in.empty_email').max(254, 'sign_in.email_invalid'),
  }),
  async run({ tx, actor, input: { accountId, newEmail }, now }) {
    const parsed = parseEmail(newEmail)
    if (!parsed.ok) return refuse('email_invalid', 'newEmail')
    const email = parsed.value.toLowerCase()
    const before = await beginChange(tx, actor, accountId)
    if (!before.ok) return refuse(before.error)
    if (before.value.email === email) return logged('done')
    const refusal = await refuseAddress(tx, email)
    if (refusal) return refuse(refusal, 'newEmail')
    const content = { accountId, before: postOf(before.value), email }
    const asked = await askOfAccount(tx, actor, 'account.email', content, now)
    return asked.ok ? logged(asked.value) : refuse(asked.error)
  },
})

/** Requests a reset of a person's sign-in. When a second person confirms, a link goes to the account's address. */
export const resetSignIn = act({
  ...onAccount,
  name: 'account.reset_sign_in',
  input: z.object({ accountId: z.uuid('general.invalid') }),
  async run({ tx, actor, input: { accountId }, now }) {
    const before = await beginChange(tx, actor, accountId)
    if (!before.ok) return refuse(REFUSED[before.error])
    if (!before.value.active) return refuse('reset_gone')
    const content = { accountId, before: postOf(before.value) }
    const asked = await askOfAccount(tx, actor, 'account.reset', content, now)
    return asked.ok ? logged(asked.value) : refuse(asked.error)
  },
})

const REFUSED = { forbidden: 'forbidden', own_account: 'reset_own', not_found: 'reset_gone' } as const

export const endAllSessions = act({
  permission: 'account:manage',
  faults: 'sign_in',
  page: ({ accountId }) => ({ pathname: '/admin/accounts/[account]', params: { account: accountId } }),
  name: 'account.end_sessions',
  input: z.object({ accountId: z.uuid('general.invalid') }),
  async run({ tx, actor, input: { accountId }, now }) {
    return logged(await endSessionsOf(tx, actor, accountId, now))
  },
})
