import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { type Code, parseCaseSecret } from '#features/cases/rules/secret.ts'
import { checkCode, checkCodeSentTo, countAsk, sendCode } from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { giveBack, isLimited, withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import {
  confirmedContact,
  draftTransaction,
  findByContact,
  findConfirmed,
  handOver,
  inDrafts,
  type KeptObjection,
  objectionDraft,
} from '../drafts/data.ts'
import type { ObjectionStep } from '../drafts/rules.ts'
import { openFile, secretHashOf } from '../objections/data.ts'
import { type ObjectionNumber, objectionNumbers } from '../objections/rules.ts'

// Coming back to an objection in another browser: by the number of a draft, or by the contact alone.

/** One form with which a person comes back. */
interface Attempt {
  /** The sender's network address, for the rate limits. */
  readonly address: string
  /** The mark of the browser (`hashAsker`): no other can enter the code. */
  readonly asker: string | null
  /** The form's: sent again, it is answered alike. */
  readonly submitKey: string
  readonly now: Instant
}
type Ask = Attempt & { readonly locale: 'vi' | 'en' }

/** Counts a code that is asked for and has it sent by a job, where nobody can watch whether there is somebody to send it to. */
const askOnce = (
  key: string,
  name: 'code.resume_objection' | 'code.follow_objection',
  ask: Pick<Parameters<typeof countAsk>[1], 'about' | 'purpose'>,
  { address, now }: Attempt,
  send: (tx: Tx) => Promise<unknown>,
): Promise<Result<true, 'limit'>> =>
  actOnce<true, 'limit'>(key, name, now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
    if (!(await countAsk(tx, { ...ask, address, ownId: null, now }))) return err('limit')
    await send(tx)
    return ok(true)
  })

/**
 * Requests a code for the confirmed contact of a draft, once a `submitKey`. Answer and work are the same whether or not
 * there is such a draft, and when its contact has had its codes for this hour. Only the sender's own limit is told.
 */
export const requestResume = (
  ask: Ask & { readonly number: ObjectionNumber },
): Promise<Result<true, 'limit'>> => {
  const { number, locale, asker } = ask
  const about = { about: number, purpose: 'resume_draft' } as const
  return askOnce(keyFor(ask.submitKey, number), 'code.resume_objection', about, ask, (tx) =>
    enqueue(tx, 'resume-objection-code', { number, locale, asker }),
  )
}

/** Sends the code of the job `resume-objection-code`, where there is such a draft. Sent twice, the newer one counts. */
export const sendResumeCode = (
  { number, locale, asker = null }: JobData['resume-objection-code'],
  now: Instant,
): Promise<void> =>
  draftTransaction(async (tx) => {
    const draft = await findConfirmed(tx, number, now)
    const contact = draft && confirmedContact(draft)
    if (!draft || !contact) return
    const { key } = draft
    const template = 'code_resume_objection'
    await sendCode(tx, { key, purpose: 'resume_draft', template, contact, asker, locale, number, now })
  })

/**
 * Opens a draft in another browser; the browser that had it loses it. An unknown number and a code that is wrong, too
 * old or tried too often have one answer, since any other would tell that there is such a draft. The code counts once;
 * the same form sent again within seconds opens the draft again. Returns the key of the browser's draft.
 */
export async function resumeObjection({
  number,
  code,
  address,
  asker,
  submitKey,
  now,
}: Attempt & { readonly number: ObjectionNumber; readonly code: Code }): Promise<
  Result<{ readonly cookie: string; readonly missing: ObjectionStep }, 'wrong' | 'limit'>
> {
  const { allowed } = await withinLimit('lookup_address', address, now)
  if (!allowed) return err('limit')
  const opening = async (tx: Tx, secret: Buffer): Promise<Result<null, 'wrong'>> => {
    const draft = await findConfirmed(tx, number, now)
    if (draft === null) return err('wrong')
    const checked = await checkCode(tx, { caseId: draft.id, purpose: 'resume_draft', code, asker, now })
    if (!checked.ok) return err('wrong')
    return (await handOver(tx, draft.id, cookieOf(secret))) ? ok(null) : err('wrong')
  }
  const key = keyFor(submitKey, number, code)
  const opened = await inDrafts(() => actOnceWithSecret(key, 'objection.resume', now, opening, RESEND_WINDOW))
  if (!opened.ok) return opened
  const cookie = cookieOf(opened.value)
  // Sent again, it may be an objection by now, or be open in yet another browser.
  const draft = await objectionDraft(cookie, now)
  return draft ? ok({ cookie, missing: draft.missing }) : err('wrong')
}

/**
 * Requests a code for the contact of an objection, once a `submitKey`. Answer and work are the same whether or not the
 * contact has an objection, and when it has had its codes for this hour. Only two things are told: the sender's own
 * limit, and `no_sms` where this installation sends no SMS.
 */
export async function requestObjectionCode(
  ask: Ask & { readonly contact: Contact },
): Promise<Result<true, 'limit' | 'no_sms'>> {
  const { contact, locale, asker } = ask
  if (contact.kind === 'phone' && !reachesPhones()) return err('no_sms')
  const hash = writeContactHash(contact)
  const about = { about: contact, purpose: 'follow_objection' } as const
  return askOnce(keyFor(ask.submitKey, hash), 'code.follow_objection', about, ask, (tx) =>
    enqueue(tx, 'objection-code', { contact: hash, locale, asker }),
  )
}

/**
 * Does the job `objection-code`: sends the code by the contact's newest objection or draft. Where it runs twice, the
 * newer code counts.
 */
export const sendObjectionCode = (
  { contact: hash, locale, asker = null }: JobData['objection-code'],
  now: Instant,
): Promise<void> =>
  draftTransaction(async (tx) => {
    const [newest] = await findByContact(tx, Buffer.from(hash, 'hex'), now)
    const reached = newest ? await reach(tx, newest, now) : null
    if (!newest || !reached) return
    const { number } = newest
    await sendCode(tx, { ...reached, purpose: 'follow_objection', asker, locale, number, now })
  })

async function reach(tx: Tx, { id, number, state }: KeptObjection, now: Instant) {
  if (state !== 'draft') {
    const { key, holder } = await openFile(id, tx)
    return { key, contact: holder.contact }
  }
  const draft = await findConfirmed(tx, number, now)
  const contact = draft && confirmedContact(draft)
  return draft && contact && { key: draft.key, contact }
}

/**
 * Checks the code that a contact was sent. A contact that has not objected, and a code that is wrong, too old or tried too
 * often, have one answer: any other would tell. Wrong codes count for the address they come from, all contacts together.
 */
export async function proveContact({
  contact,
  code,
  address,
  asker,
  submitKey,
  now,
}: Attempt & { readonly contact: Contact; readonly code: Code }): Promise<Result<true, 'wrong' | 'limit'>> {
  if (!(await withinLimit('resume_address', address, now)).allowed) return err('limit')
  const checking = async (tx: Tx): Promise<Result<true, 'wrong'>> => {
    const checked = await checkCodeSentTo(tx, { contact, purpose: 'follow_objection', code, asker, now })
    return checked.ok ? ok(true) : err('wrong')
  }
  const key = keyFor(submitKey, writeContactHash(contact), code)
  const proven = await inDrafts(() => actOnce(key, 'objection.prove', now, checking, RESEND_WINDOW))
  if (proven.ok) await giveBack('resume_address', address, now)
  return proven
}

/** Names what a browser may open now: a draft, by its new key, or an objection that was sent. */
export type Chosen =
  | { readonly kind: 'draft'; readonly cookie: string; readonly missing: ObjectionStep }
  | { readonly kind: 'sent'; readonly id: string; readonly number: string }

/**
 * Opens one objection of a contact whose code was right. A draft moves to this browser, and the browser that had it
 * loses it. `gone`: it does not belong to that contact (any more).
 */
export async function chooseObjection({
  contact,
  number,
  submitKey,
  now,
}: Pick<Attempt, 'submitKey' | 'now'> & {
  /** The contact that has just answered its code in this browser. */
  readonly contact: Contact
  readonly number: string
}): Promise<Result<Chosen, 'gone'>> {
  const find = async (tx: Tx): Promise<KeptObjection | undefined> =>
    (await findByContact(tx, contactHash(contact), now)).find((one) => one.number === number)
  const opening = async (tx: Tx, secret: Buffer): Promise<Result<null, 'gone'>> => {
    const one = await find(tx)
    if (!one) return err('gone')
    return one.state !== 'draft' || (await handOver(tx, one.id, cookieOf(secret))) ? ok(null) : err('gone')
  }
  const key = keyFor(submitKey, writeContactHash(contact), number)
  const opened = await inDrafts(() => actOnceWithSecret(key, 'objection.choose', now, opening, RESEND_WINDOW))
  if (!opened.ok) return opened
  const cookie = cookieOf(opened.value)
  const draft = await objectionDraft(cookie, now)
  if (draft) return ok({ kind: 'draft', cookie, missing: draft.missing })
  const sent = await draftTransaction(find)
  // A draft that yet another browser has by now is not opened again.
  return sent && sent.state !== 'draft' ? ok({ kind: 'sent', id: sent.id, number: sent.number }) : err('gone')
}

const cookieOf = (secret: Buffer): string => secret.toString('base64url')

/** Compared where there is no objection, so that a wrong number costs the same work as a wrong secret. */
const ZERO_HASH = new Uint8Array(32)

/**
 * Opens an objection for a person who has its number and secret. A wrong number and a wrong secret get the same answer
 * after the same work. After too many wrong tries from an address, nothing from it is compared any more.
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
  const objection = await secretHashOf(subject)
  const shown = keyedHash('objection-secret', secret.ok ? secret.value : '')
  const right = sameBytes(objection?.secretHash ?? ZERO_HASH, shown)
  if (objection && right) return ok({ id: objection.id, number: subject })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}
