import '#server-only'
import { tellOfCases } from '#features/cases/contacts/acts.ts'
import { makeContactIndexes } from '#features/cases/contacts/data.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { checkCodeSentTo, sendContactCode } from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { askForCode, type CodeAttempt, formKey, openOnce, tryCode } from '#features/drafts/acts.ts'
import { confirmedContact, draftTransaction } from '#features/drafts/data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import type { ReportStep } from '../steps/rules.ts'
import { findByCookie, giveReportDraft, listConfirmedDrafts, type ReportDraft } from './data.ts'
import { progressOf, reportContext } from './page-data.ts'

interface ResumeRequest extends CodeAttempt {
  readonly contact: Contact
  readonly locale: 'vi' | 'en'
}

/** Requests the drafts and cases of a contact; everything found is sent to that contact as messages. */
export const requestResume = (request: ResumeRequest): Promise<Result<true, 'limit' | 'no_sms'>> => {
  const { contact, locale, asker } = request
  const about = { about: contact, purpose: 'resume_draft' } as const
  return askForCode('code.resume_draft', about, request, (tx) =>
    enqueue(tx, 'resume-code', {
      contact: writeContactHash(contact),
      indexes: makeContactIndexes(contact),
      locale,
      asker,
    }),
  )
}

/**
 * Runs the job `resume-code`: sends a code for the contact's newest draft, and the numbers of the contact's cases. If it runs
 * twice, the newer code counts.
 */
export const sendFound = (
  { contact: hash, indexes = [], locale, asker = null }: JobData['resume-code'],
  now: Instant,
): Promise<void> =>
  draftTransaction(async (tx) => {
    await tellOfCases(tx, indexes, locale, now)
    const [draft] = await listConfirmedDrafts(tx, Buffer.from(hash, 'hex'), now)
    const contact = draft && confirmedContact(draft)
    if (!draft || !contact) return
    const { key, number } = draft
    await sendContactCode(tx, { key, purpose: 'resume_draft', contact, asker, locale, number, now })
  })

export interface Resumed {
  readonly cookie: string
  readonly incomplete: ReportStep
}

/**
 * Opens the draft of a contact in another browser; the previous browser loses access. If there are several drafts, none is handed
 * over yet. An unconfirmed contact, and a draft that another officer is writing at the desk, get the same answer as a code that
 * is wrong, expired or used up: any other answer would reveal that there is a draft. A code works once.
 */
export async function resumeDraft(
  asked: Omit<ResumeRequest, 'locale'> & { readonly code: Code; readonly officerId: string | null },
): Promise<Result<Resumed | 'several', 'wrong' | 'limit'>> {
  const { contact, code, asker, officerId, submitKey, now } = asked
  const form = { key: formKey(submitKey, contact, code), act: 'draft.resume', now }
  const opened = await tryCode(asked, () =>
    openOnce<'wrong'>(form, async (tx, cookie) => {
      // The code is checked first: until it is right, nothing about the contact's drafts is read.
      const checked = await checkCodeSentTo(tx, { contact, purpose: 'resume_draft', code, asker, now })
      if (!checked.ok) return err('wrong')
      const [first, ...others] = await servedTo(tx, contact, officerId, now)
      if (first === undefined) return err('wrong')
      return others.length > 0 || (await giveReportDraft(tx, first.id, cookie, now)) ? ok(null) : err('wrong')
    }),
  )
  if (!opened.ok) return opened
  const resumed = await openedWith(opened.value, officerId, now)
  if (resumed !== null) return ok(resumed)
  const left = await draftTransaction((tx) => servedTo(tx, contact, officerId, now))
  // The same form may come again after the draft has become a case, or was opened in a third browser.
  return left.length > 1 ? ok('several') : err('wrong')
}

/** Opens one of several drafts of a contact whose code was right. `not_found`: the draft is not, or no longer, among them. */
export async function chooseDraft({
  contact,
  number,
  officerId,
  submitKey,
  now,
}: {
  readonly contact: Contact
  readonly number: string
  readonly officerId: string | null
  readonly submitKey: string
  readonly now: Instant
}): Promise<Result<Resumed, 'not_found'>> {
  const form = { key: formKey(submitKey, contact, number), act: 'draft.choose', now }
  const opened = await openOnce<'not_found'>(form, async (tx, cookie) => {
    const draft = (await servedTo(tx, contact, officerId, now)).find((one) => one.number === number)
    return draft && (await giveReportDraft(tx, draft.id, cookie, now)) ? ok(null) : err('not_found')
  })
  const resumed = opened.ok ? await openedWith(opened.value, officerId, now) : null
  return resumed === null ? err('not_found') : ok(resumed)
}

const servedTo = (
  tx: Tx,
  contact: Contact,
  officerId: string | null,
  now: Instant,
): Promise<readonly ReportDraft[]> => listConfirmedDrafts(tx, contactHash(contact), now, { officerId })

async function openedWith(cookie: string, officerId: string | null, now: Instant): Promise<Resumed | null> {
  const context = await reportContext(now)
  const draft = await findByCookie({ value: cookie, officerId }, now)
  return draft && { cookie, incomplete: progressOf(draft, context).incomplete }
}
