import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import type { Code } from '#features/cases/rules/secret.ts'
import { checkCodeSentTo, countAsk, sendCode } from '#features/contact-codes/commands.ts'
import { contactHash, writtenHash } from '#features/contact-codes/queries.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import { openFile } from '../data.ts'
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
import type { ObjectionStep } from '../rules/holder.ts'

export interface ContactRequest {
  readonly contact: Contact
  /** The sender's network address, for the rate limits. */
  readonly address: string
  /** The mark of the browser (`askerHash`): no other can enter the code. */
  readonly asker: string | null
  readonly locale: 'vi' | 'en'
  /** The form's: sent again, it is answered alike. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * Requests a code for the contact of an objection, once a `submitKey`. Answer and work are the same whether or not the
 * contact has an objection, and when it has had its codes for this hour. Only two things are told: the sender's own
 * limit, and `no_sms` where this installation sends no SMS.
 */
export async function requestObjectionCode({
  contact,
  address,
  asker,
  locale,
  submitKey,
  now,
}: ContactRequest): Promise<Result<true, 'limit' | 'no_sms'>> {
  if (contact.kind === 'phone' && !reachesPhones()) return err('no_sms')
  const hash = writtenHash(contact)
  return actOnce<true, 'limit'>(keyFor(submitKey, hash), 'code.follow_objection', now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
    const ask = { about: contact, purpose: 'follow_objection', address, ownId: null, now } as const
    if (!(await countAsk(tx, ask))) return err('limit')
    await enqueue(tx, 'objection-code', { contact: hash, locale, asker })
    return ok(true)
  })
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

async function reach(
  tx: Tx,
  { id, number, state }: KeptObjection,
  now: Instant,
): Promise<{ readonly key: CaseKey; readonly contact: Contact } | null> {
  if (state !== 'draft') {
    const { key, holder } = await openFile(id, tx)
    return { key, contact: holder.contact }
  }
  const draft = await findConfirmed(tx, number, now)
  const contact = draft && confirmedContact(draft)
  return draft && contact && { key: draft.key, contact }
}

export interface CodeEntry extends Omit<ContactRequest, 'locale'> {
  readonly code: Code
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
}: CodeEntry): Promise<Result<true, 'wrong' | 'limit'>> {
  if (!(await withinLimit('resume_address', address, now)).allowed) return err('limit')
  const checking = async (tx: Tx): Promise<Result<true, 'wrong'>> => {
    const checked = await checkCodeSentTo(tx, { contact, purpose: 'follow_objection', code, asker, now })
    return checked.ok ? ok(true) : err('wrong')
  }
  const key = keyFor(submitKey, writtenHash(contact), code)
  const proven = await inDrafts(() => actOnce(key, 'objection.prove', now, checking, RESEND_WINDOW))
  if (proven.ok) await giveBack('resume_address', address, now)
  return proven
}

export interface ObjectionChoice {
  /** The contact that has just answered its code in this browser. */
  readonly contact: Contact
  readonly number: string
  readonly submitKey: string
  readonly now: Instant
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
}: ObjectionChoice): Promise<Result<Chosen, 'gone'>> {
  const find = async (tx: Tx): Promise<KeptObjection | undefined> =>
    (await findByContact(tx, contactHash(contact), now)).find((one) => one.number === number)
  const opening = async (tx: Tx, secret: Buffer): Promise<Result<null, 'gone'>> => {
    const one = await find(tx)
    if (!one) return err('gone')
    return one.state !== 'draft' || (await handOver(tx, one.id, cookieOf(secret))) ? ok(null) : err('gone')
  }
  const key = keyFor(submitKey, writtenHash(contact), number)
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
