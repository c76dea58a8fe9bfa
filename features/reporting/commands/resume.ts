import '#server-only'
import { tellCases } from '#features/cases/commands/find.ts'
import { contactIndexes } from '#features/cases/queries/by-contact.ts'
import type { Contact } from '#features/cases/rules/particulars.ts'
import type { Code } from '#features/cases/rules/secret.ts'
import { checkCodeSentTo, countAsk, sendCode } from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import { confirmedContact, progressOf, reportContext } from '../queries.ts'
import {
  type Draft,
  draftTransaction,
  findByCookie,
  findConfirmed,
  handOver,
  inDrafts,
} from '../repository.ts'
import type { Step } from '../rules/steps.ts'
import { cookieOf } from './start.ts'

export interface ResumeRequest {
  readonly contact: Contact
  readonly address: string
  /** The mark of the browser (`hashAsker`): no other can enter the code. */
  readonly asker: string | null
  readonly locale: 'vi' | 'en'
  /** The form's: sent again, it is answered alike. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * Asks what is kept with a contact, once a `submitKey`: whatever there is goes to that contact as messages. The answer and
 * the work for it are the same whether there is anything or not. Only the sender's own limit is told, and `no_sms` where
 * this installation sends no SMS.
 */
export async function requestResume({
  contact,
  address,
  asker,
  locale,
  submitKey,
  now,
}: ResumeRequest): Promise<Result<true, 'limit' | 'no_sms'>> {
  if (contact.kind === 'phone' && !reachesPhones()) return err('no_sms')
  const hash = writeContactHash(contact)
  return actOnce<true, 'limit'>(keyFor(submitKey, hash), 'code.resume_draft', now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
    const ask = { about: contact, purpose: 'resume_draft', address, ownId: null, now } as const
    if (!(await countAsk(tx, ask))) return err('limit')
    const indexes = contactIndexes(contact)
    await enqueue(tx, 'resume-code', { contact: hash, indexes, locale, asker })
    return ok(true)
  })
}

/**
 * Does the job `resume-code`: sends a code by the newest of the contact's drafts, and the numbers of the cases that were
 * sent with it. Where it runs twice, the newer code counts.
 */
export const sendFound = (
  { contact: hash, indexes = [], locale, asker = null }: JobData['resume-code'],
  now: Instant,
): Promise<void> =>
  draftTransaction(async (tx) => {
    await tellCases(tx, indexes, locale, now)
    const [draft] = await findConfirmed(tx, Buffer.from(hash, 'hex'), now)
    const contact = draft && confirmedContact(draft)
    if (!draft || !contact) return
    const { key, number } = draft
    await sendCode(tx, { key, purpose: 'resume_draft', contact, asker, locale, number, now })
  })

export interface ResumeTry extends Omit<ResumeRequest, 'locale'> {
  readonly code: Code
  /** The account of the officer who is signed in; null where none is. */
  readonly officerId: string | null
}

export interface Resumed {
  readonly cookie: string
  readonly incomplete: Step
}

/** Holds what a right code opens: the only draft there is, or the choice between several. */
export type Opened = Resumed | 'several'

/**
 * Opens the draft of a contact in another browser; the browser before can no longer open it. Where there are several
 * drafts none is handed over yet. An unconfirmed contact has the same answer as a code that is wrong, too old or tried
 * too often: any other would tell that there is a draft. So has a draft that another officer writes down at the desk.
 *
 * Wrong codes count for the address that they come from, for all contacts together, so that nobody can guess the codes
 * of many contacts. A code counts once. The same form sent again within seconds opens the draft again.
 */
export async function resumeDraft(asked: ResumeTry): Promise<Result<Opened, 'wrong' | 'limit'>> {
  const { contact, code, asker, officerId, address, submitKey, now } = asked
  if (!(await withinLimit('resume_address', address, now)).allowed) return err('limit')
  const key = keyFor(submitKey, writeContactHash(contact), code)
  const opening = async (tx: Tx, secret: Buffer): Promise<Result<null, 'wrong'>> => {
    // The code is checked first: until it is right, nothing about the contact's drafts is read.
    const checked = await checkCodeSentTo(tx, { contact, purpose: 'resume_draft', code, asker, now })
    if (!checked.ok) return err('wrong')
    const drafts = await servedTo(tx, contact, officerId, now)
    const [first] = drafts
    if (first === undefined) return err('wrong')
    const isGone = drafts.length === 1 && !(await handOver(tx, first.id, cookieOf(secret), now))
    return isGone ? err('wrong') : ok(null)
  }
  const opened = await inDrafts(() => actOnceWithSecret(key, 'draft.resume', now, opening, RESEND_WINDOW))
  if (!opened.ok) return opened
  await giveBack('resume_address', address, now)
  const resumed = await openedWith(cookieOf(opened.value), officerId, now)
  if (resumed !== null) return ok(resumed)
  const left = await draftTransaction((tx) => servedTo(tx, contact, officerId, now))
  // The same form may come again after the draft has become a case, or was opened in a third browser.
  return left.length > 1 ? ok('several') : err('wrong')
}

export interface Choice {
  /** The contact that has just answered its code in this browser. */
  readonly contact: Contact
  readonly number: string
  readonly officerId: string | null
  readonly submitKey: string
  readonly now: Instant
}

/** Opens one of several drafts of a contact whose code was right. `gone`: it is not among them (any more). */
export async function chooseDraft({
  contact,
  number,
  officerId,
  submitKey,
  now,
}: Choice): Promise<Result<Resumed, 'gone'>> {
  const key = keyFor(submitKey, writeContactHash(contact), number)
  const opening = async (tx: Tx, secret: Buffer): Promise<Result<null, 'gone'>> => {
    const draft = (await servedTo(tx, contact, officerId, now)).find((one) => one.number === number)
    return draft && (await handOver(tx, draft.id, cookieOf(secret), now)) ? ok(null) : err('gone')
  }
  const opened = await inDrafts(() => actOnceWithSecret(key, 'draft.choose', now, opening, RESEND_WINDOW))
  if (!opened.ok) return opened
  const resumed = await openedWith(cookieOf(opened.value), officerId, now)
  return resumed === null ? err('gone') : ok(resumed)
}

/** Returns a contact's drafts that are for this browser, the newest first. */
const servedTo = (
  tx: Tx,
  contact: Contact,
  officerId: string | null,
  now: Instant,
): Promise<readonly Draft[]> => findConfirmed(tx, contactHash(contact), now, { officerId })

async function openedWith(cookie: string, officerId: string | null, now: Instant): Promise<Resumed | null> {
  const context = await reportContext(now)
  const draft = await findByCookie({ value: cookie, officerId }, now)
  return draft && { cookie, incomplete: progressOf(draft, context).incomplete }
}
