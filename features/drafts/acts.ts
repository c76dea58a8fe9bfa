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
 * Sends the code that confirms a draft's contact, or says why none was sent: the contact has had as many as it may, or the
 * network has asked for as many.
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
  /** The mark of the browser (`hashAsker`): no other can enter the code. */
  readonly asker: string | null
  /** The form's: sent again, it is answered alike. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * Asks for what is kept with a contact or number, once a `submitKey`, and has it sent by a job, where nobody can watch whether
 * there is anything. The answer and the work are the same whether there is or not, and when the contact has had its codes for
 * this hour. Only the sender's own limit is told, and `no_sms` where this installation sends no SMS.
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

/** Returns what stands for a contact or number in the key of a form. */
const keyOf = (about: Contact | string): string =>
  typeof about === 'string' ? about : writeContactHash(about)

/**
 * Counts a try with a code for the address that it comes from, for all contacts together, so that nobody can guess the codes
 * of many; a right one costs nothing.
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
 * Gives a draft to this browser, once a form: the same one sent again within seconds opens it again. Answers the key of the
 * browser's cookie.
 *
 * @param opening finds the draft and hands it over to this key
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
 * Deletes some of the drafts whose time is over, with their keys, then their files; answers their ids. Nothing of them can be
 * read from then on, also where a file could not be removed: `evidence-sweep` takes it.
 */
export async function deleteExpired(
  {
    act,
    subject,
    lockExpired,
  }: {
    readonly act: 'draft.expire' | 'objection.expire_draft'
    readonly subject: 'draft' | 'objection'
    /** Locks some drafts past their time that nobody else is working on, and returns their ids. */
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
