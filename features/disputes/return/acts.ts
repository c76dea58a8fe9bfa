import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { type Code, parseCaseSecret } from '#features/cases/unlock/rules.ts'
import { checkCode, checkCodeSentTo, sendContactCode } from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { askForCode, type CodeAttempt, formKey, openOnce, tryCode } from '#features/drafts/acts.ts'
import { confirmedContact, draftTransaction, inDrafts } from '#features/drafts/data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { isLimited, withinLimit } from '#platform/rate-limits/commands.ts'
import {
  findConfirmedObjection,
  findDraftsByContact,
  giveObjectionDraft,
  type KeptObjection,
  readObjectionDraft,
} from '../drafts/data.ts'
import type { ObjectionStep } from '../drafts/rules.ts'
import { findObjectionSecretHash, openObjectionFile } from '../objections/data.ts'
import { type ObjectionNumber, objectionNumbers } from '../objections/rules.ts'

// Returning to an objection in another browser: by the number of a draft, or by the contact alone.

type Ask = CodeAttempt & { readonly locale: 'vi' | 'en' }

/** Requests a code for the confirmed contact of a draft, by the draft's number. */
export const requestObjectionResume = (
  ask: Ask & { readonly number: ObjectionNumber },
): Promise<Result<true, 'limit' | 'no_sms'>> => {
  const { number, locale, asker } = ask
  const about = { about: number, purpose: 'resume_draft' } as const
  return askForCode('code.resume_objection', about, ask, (tx) =>
    enqueue(tx, 'resume-objection-code', { number, locale, asker }),
  )
}

/** Runs the job `resume-objection-code`: sends the code if there is such a draft. If it runs twice, the newer code counts. */
export const sendResumeCode = (
  { number, locale, asker = null }: JobData['resume-objection-code'],
  now: Instant,
): Promise<void> =>
  draftTransaction(async (tx) => {
    const draft = await findConfirmedObjection(tx, number, now)
    const contact = draft && confirmedContact(draft)
    if (!draft || !contact) return
    const { key } = draft
    const template = 'code_resume_objection'
    await sendContactCode(tx, { key, purpose: 'resume_draft', template, contact, asker, locale, number, now })
  })

/**
 * Opens a draft in another browser; the previous browser loses access. An unknown number gets the same answer as a code that is
 * wrong, expired or used up: any other answer would reveal that there is such a draft. The code works once; the same form, sent
 * again within seconds, opens the draft again. Returns the key of the browser's draft.
 */
export async function resumeObjection({
  number,
  code,
  address,
  asker,
  submitKey,
  now,
}: CodeAttempt & { readonly number: ObjectionNumber; readonly code: Code }): Promise<
  Result<{ readonly cookie: string; readonly missing: ObjectionStep }, 'wrong' | 'limit'>
> {
  const { allowed } = await withinLimit('lookup_address', address, now)
  if (!allowed) return err('limit')
  const form = { key: formKey(submitKey, number, code), act: 'objection.resume', now }
  const opened = await openOnce<'wrong'>(form, async (tx, cookie) => {
    const draft = await findConfirmedObjection(tx, number, now)
    if (draft === null) return err('wrong')
    const checked = await checkCode(tx, { caseId: draft.id, purpose: 'resume_draft', code, asker, now })
    if (!checked.ok) return err('wrong')
    return (await giveObjectionDraft(tx, draft.id, cookie)) ? ok(null) : err('wrong')
  })
  if (!opened.ok) return opened
  // When the form is sent again, the draft may have been sent, or opened in yet another browser.
  const draft = await readObjectionDraft(opened.value, now)
  return draft ? ok({ cookie: opened.value, missing: draft.missing }) : err('wrong')
}

export const requestObjectionCode = (
  ask: Ask & { readonly contact: Contact },
): Promise<Result<true, 'limit' | 'no_sms'>> => {
  const { contact, locale, asker } = ask
  const about = { about: contact, purpose: 'follow_objection' } as const
  return askForCode('code.follow_objection', about, ask, (tx) =>
    enqueue(tx, 'objection-code', { contact: writeContactHash(contact), locale, asker }),
  )
}

/**
 * Runs the job `objection-code`: sends a code for the contact's newest objection or draft. If it runs
 * twice, the newer code counts.
 */
export const sendObjectionCode = (
  { contact: hash, locale, asker = null }: JobData['objection-code'],
  now: Instant,
): Promise<void> =>
  draftTransaction(async (tx) => {
    const [newest] = await findDraftsByContact(tx, Buffer.from(hash, 'hex'), now)
    const reached = newest ? await reach(tx, newest, now) : null
    if (!newest || !reached) return
    const { number } = newest
    await sendContactCode(tx, { ...reached, purpose: 'follow_objection', asker, locale, number, now })
  })

async function reach(tx: Tx, { id, number, state }: KeptObjection, now: Instant) {
  if (state !== 'draft') {
    const { key, holder } = await openObjectionFile(id, tx)
    return { key, contact: holder.contact }
  }
  const draft = await findConfirmedObjection(tx, number, now)
  const contact = draft && confirmedContact(draft)
  return draft && contact && { key: draft.key, contact }
}

/**
 * Checks the code that a contact was sent. A contact without an objection gets the same answer as a code that is wrong, expired
 * or used up: any other answer would reveal it.
 */
export const proveContact = (
  tried: CodeAttempt & { readonly contact: Contact; readonly code: Code },
): Promise<Result<true, 'wrong' | 'limit'>> => {
  const { contact, code, asker, submitKey, now } = tried
  const checking = async (tx: Tx): Promise<Result<true, 'wrong'>> => {
    const checked = await checkCodeSentTo(tx, { contact, purpose: 'follow_objection', code, asker, now })
    return checked.ok ? ok(true) : err('wrong')
  }
  const key = formKey(submitKey, contact, code)
  return tryCode(tried, () => inDrafts(() => actOnce(key, 'objection.prove', now, checking, RESEND_WINDOW)))
}

/** The thing that a browser may open now: a draft, by its new key, or a sent objection. */
type Chosen =
  | { readonly kind: 'draft'; readonly cookie: string; readonly missing: ObjectionStep }
  | { readonly kind: 'sent'; readonly id: string; readonly number: string }

/**
 * Opens one objection of a contact whose code was right. A draft moves to this browser, and the previous browser loses access.
 * `not_found`: the objection does not, or no longer, belong to that contact.
 */
export async function chooseObjection({
  contact,
  number,
  submitKey,
  now,
}: Pick<CodeAttempt, 'submitKey' | 'now'> & {
  /** The contact that has just answered its code in this browser. */
  readonly contact: Contact
  readonly number: string
}): Promise<Result<Chosen, 'not_found'>> {
  const find = async (tx: Tx): Promise<KeptObjection | undefined> =>
    (await findDraftsByContact(tx, contactHash(contact), now)).find((one) => one.number === number)
  const form = { key: formKey(submitKey, contact, number), act: 'objection.choose', now }
  const opened = await openOnce<'not_found'>(form, async (tx, cookie) => {
    const one = await find(tx)
    if (!one) return err('not_found')
    return one.state !== 'draft' || (await giveObjectionDraft(tx, one.id, cookie))
      ? ok(null)
      : err('not_found')
  })
  if (!opened.ok) return opened
  const cookie = opened.value
  const draft = await readObjectionDraft(cookie, now)
  if (draft) return ok({ kind: 'draft', cookie, missing: draft.missing })
  const sent = await draftTransaction(find)
  // A draft that is now in yet another browser is not opened again.
  return sent && sent.state !== 'draft'
    ? ok({ kind: 'sent', id: sent.id, number: sent.number })
    : err('not_found')
}

/** Compared if there is no objection, so that a wrong number costs the same work as a wrong secret. */
const ZERO_HASH = new Uint8Array(32)

/**
 * Opens an objection by its number and secret. A wrong number and a wrong secret get the same answer after the same work. After
 * too many wrong tries from an address, its further tries are not compared.
 */
export async function unlockObjection(
  typed: { readonly number: string; readonly secret: string },
  address: string,
  now: Instant,
): Promise<Result<{ readonly id: string; readonly number: string }, 'no_match' | 'too_many'>> {
  const number = objectionNumbers.parse(typed.number)
  const secret = parseCaseSecret(typed.secret)
  const subject = number.ok ? number.value : ''
  if (await isLimited('lookup_address', address, now)) return err('too_many')
  const objection = await findObjectionSecretHash(subject)
  const shown = keyedHash('objection-secret', secret.ok ? secret.value : '')
  const right = sameBytes(objection?.secretHash ?? ZERO_HASH, shown)
  if (objection && right) return ok({ id: objection.id, number: subject })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}
