import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { type CodeAsk, type CodeRequest, confirmByCode, countAsk } from '#features/contact-codes/acts.ts'
import { writeContactHash } from '#features/contact-codes/data.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import { cookieOf, draftTransaction, inDrafts } from './data.ts'

/**
 * Sends the code that confirms a draft's contact. Returns why not: `too_many` for the contact, `too_many_here` for the network.
 */
export async function sendConfirmation(
  tx: Tx,
  request: Omit<CodeRequest, 'purpose' | 'asker'> & { readonly address: string },
): Promise<'too_many' | 'too_many_here' | null> {
  if (!(await withinLimit('code_address', request.address, request.now)).allowed) return 'too_many_here'
  const sent = await confirmByCode(tx, request)
  return sent.ok ? null : sent.error
}

export interface CodeAttempt {
  /** The sender's network address, for the rate limits. */
  readonly address: string
  /** The browser's hashed mark (`hashAsker`): only this browser can enter the code. */
  readonly asker: string | null
  /** The form's key: sent again, it gets the same answer. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * Asks once per `submitKey` for what is stored with a contact or number. A job sends it, so that timing does not reveal whether
 * there is anything. Answer and work are the same in all cases, also when the contact has had its codes for this hour. Only the
 * sender's own limit is told, and `no_sms` where the installation sends no SMS.
 */
export async function askForCode(
  act: `code.${'resume_draft' | 'resume_objection' | 'follow_objection' | 'report_for'}`,
  { about, purpose }: Pick<CodeAsk, 'about' | 'purpose'>,
  { address, submitKey, now }: Pick<CodeAttempt, 'address' | 'submitKey' | 'now'>,
  send: (tx: Tx) => Promise<unknown>,
): Promise<Result<true, 'limit' | 'no_sms'>> {
  if (typeof about !== 'string' && about.kind === 'phone' && !reachesPhones()) return err('no_sms')
  return actOnce<true, 'limit'>(keyFor(submitKey, keyOf(about)), act, now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
    if (!(await countAsk(tx, { about, purpose, address, ownId: null, now }))) return err('limit')
    await send(tx)
    return ok(true)
  })
}

const keyOf = (about: Contact | string): string =>
  typeof about === 'string' ? about : writeContactHash(about)

/**
 * Counts a try with a code by network address, over all contacts, so that nobody can guess the codes of many. A right code is
 * not counted.
 */
export async function tryCode<T, E>(
  { address, now }: Pick<CodeAttempt, 'address' | 'now'>,
  attempt: () => Promise<Result<T, E>>,
): Promise<Result<T, E | 'limit'>> {
  if (!(await withinLimit('resume_address', address, now)).allowed) return err('limit')
  const tried = await attempt()
  if (tried.ok) await giveBack('resume_address', address, now)
  return tried
}

/**
 * Opens a draft in this browser, once per form: the same form sent again within seconds opens it again. Returns the value of the
 * browser's cookie.
 *
 * @param opening finds the draft and assigns it to this cookie
 */
export async function openOnce<E>(
  form: { readonly key: string; readonly act: string; readonly now: Instant },
  opening: (tx: Tx, cookie: string) => Promise<Result<unknown, E>>,
): Promise<Result<string, E>> {
  const work = (tx: Tx, secret: Buffer) => opening(tx, cookieOf(secret))
  const opened = await inDrafts(() => actOnceWithSecret(form.key, form.act, form.now, work, RESEND_WINDOW))
  return opened.ok ? ok(cookieOf(opened.value)) : opened
}

export const formKey = (submitKey: string, about: Contact | string, more = ''): string =>
  more === '' ? keyFor(submitKey, keyOf(about)) : keyFor(submitKey, keyOf(about), more)

/**
 * Deletes some expired drafts with their keys, then their files, and returns the ids. Without the keys nothing can be read;
 * `evidence-sweep` deletes files that could not be removed.
 */
export async function deleteExpired(
  {
    act,
    subject,
    lockExpired,
  }: {
    readonly act: 'draft.expire' | 'objection.expire_draft'
    readonly subject: 'draft' | 'objection'
    /** Locks some expired drafts that nobody else is working on, and returns their ids. */
    readonly lockExpired: (tx: Tx, now: Instant) => Promise<string[]>
  },
  now: Instant,
): Promise<string[]> {
  const expired = await draftTransaction(async (tx) => {
    const ids = await lockExpired(tx, now)
    const keys = { caseId: { in: ids }, case: null }
    const files = await tx.evidence.findMany({ where: { key: keys }, select: { id: true } })
    await tx.caseKey.deleteMany({ where: keys })
    for (const id of ids)
      await audit(tx, { actor: { kind: 'system' }, act, subject: { kind: subject, id }, at: now })
    return { ids, files: files.map(({ id }) => id) }
  })
  await removeEvidenceFiles(expired.files)
  return expired.ids
}
