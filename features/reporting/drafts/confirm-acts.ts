import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { type ContactFault, checkContact } from '#features/contact-codes/acts.ts'
import { sendConfirmation } from '#features/drafts/acts.ts'
import { draftTransaction, inDrafts, withSent } from '#features/drafts/data.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { firstIncomplete } from '../steps/report-rules.ts'
import type { ReportStep } from '../steps/rules.ts'
import { lockByCookie, markContactConfirmed, saveReportDraft } from './data.ts'
import { progressOf, reportContext } from './page-data.ts'
import { tellKept } from './remind-acts.ts'
import type { DraftCookie } from './rules.ts'

/** Checks the code sent to a draft's contact and returns the next step. An already confirmed contact needs no code. */
export async function confirmContact(
  cookie: DraftCookie | null,
  typed: string,
  now: Instant,
): Promise<Result<ReportStep, 'not_found' | ContactFault>> {
  const context = await reportContext(now)
  return draftTransaction(async (tx) => {
    const draft = cookie === null ? null : await lockByCookie(tx, cookie, now)
    if (draft === null) return err('not_found')
    const { report, contactConfirmed, unconfirmed, incomplete } = progressOf(draft, context)
    if (report.contact === null) return err('not_found')
    if (unconfirmed.length === 0) return ok(incomplete)
    const answered = await whichAnswers(tx, draft.id, unconfirmed, typed, now)
    if (!answered.ok) return answered
    const { contact, hash } = answered.value
    const { content, locale } = draft
    if (contactConfirmed) {
      const change = {
        content: { ...content, alsoConfirmed: contact.value },
        locale,
        contactHash: draft.contactHash,
      }
      await saveReportDraft(tx, draft, change, now)
      return ok(incomplete)
    }
    const others = unconfirmed.filter((one) => one !== contact)
    const kept = withSent(content, [contact, ...others], [])
    await saveReportDraft(tx, draft, { content: kept, locale, contactHash: hash }, now)
    await markContactConfirmed(tx, draft.id, hash, now)
    if (draft.filedById === null) await tellKept(tx, 'draft_kept', draft, contact, now)
    return ok(firstIncomplete(report, true))
  })
}

/** Returns the first contact that this code belongs to; of several faults, the most useful one. */
async function whichAnswers(
  tx: Tx,
  caseId: string,
  contacts: readonly Contact[],
  typed: string,
  now: Instant,
): Promise<Result<{ readonly contact: Contact; readonly hash: Uint8Array<ArrayBuffer> }, ContactFault>> {
  const faults: ContactFault[] = []
  for (const contact of contacts) {
    const checked = await checkContact(tx, { caseId, contact, typed, now })
    if (checked.ok) return ok({ contact, hash: checked.value })
    faults.push(checked.error)
  }
  const helps = (fault: ContactFault) => fault !== 'too_many_tries'
  return err(faults.find((fault) => fault === 'expired') ?? faults.find(helps) ?? 'too_many_tries')
}

type SendRefusal = 'not_found' | 'too_many' | 'too_many_here'

/** Sends a new code to each contact of a draft that has not answered one; earlier codes become void. */
export async function sendAnotherCode(request: {
  readonly cookie: DraftCookie | null
  readonly locale: 'vi' | 'en'
  readonly address: string
  /** The form's key: a repeated form sends no further code, which would void this one. */
  readonly submitKey: string
  readonly now: Instant
}): Promise<Result<null, SendRefusal>> {
  const { cookie, locale, now } = request
  const context = await reportContext(now)
  const send = async (tx: Tx): Promise<Result<true, SendRefusal>> => {
    const draft = cookie === null ? null : await lockByCookie(tx, cookie, now)
    const progress = draft && progressOf(draft, context)
    if (!draft || !progress?.report.contact?.contact) return err('not_found')
    const { key, number, content, contactHash } = draft
    const { contact, other } = progress.report.contact
    const sent: Contact[] = []
    let refused: SendRefusal | null = null
    for (const one of progress.unconfirmed) {
      const refusal = await sendConfirmation(tx, {
        key,
        contact: one,
        locale,
        number,
        address: request.address,
        now,
      })
      if (refusal === null) sent.push(one)
      refused ??= refusal
    }
    if (sent.length === 0 && refused !== null) return err(refused)
    const contacts = [contact, other].filter((one) => one !== null)
    await saveReportDraft(tx, draft, { content: withSent(content, contacts, sent), locale, contactHash }, now)
    return ok(true)
  }
  const done = await inDrafts(() => actOnce(request.submitKey, 'code.confirm_contact', now, send))
  return done.ok ? ok(null) : done
}
