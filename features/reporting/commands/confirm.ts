import '#server-only'
import { type ContactFault, checkContact, confirmByCode } from '#features/contact-codes/acts.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { progressOf, reportContext } from '../queries.ts'
import { draftTransaction, inDrafts, lockByCookie, markContactConfirmed, save } from '../repository.ts'
import type { DraftCookie } from '../rules/draft-cookie.ts'
import { firstIncomplete } from '../rules/report.ts'
import type { Step } from '../rules/steps.ts'
import { tellKept } from './remind.ts'

/** `gone`: no such draft. */
export type CodeRefusal = 'gone' | ContactFault

/**
 * Checks the code that the contact of a draft was sent, and returns the step to go on with. A contact that is confirmed
 * already needs none.
 */
export async function confirmContact(
  cookie: DraftCookie | null,
  typed: string,
  now: Instant,
): Promise<Result<Step, CodeRefusal>> {
  const context = await reportContext(now)
  return draftTransaction(async (tx) => {
    const draft = cookie === null ? null : await lockByCookie(tx, cookie, now)
    if (draft === null) return err('gone')
    const { report, contactConfirmed, incomplete } = progressOf(draft, context)
    if (report.contact === null) return err('gone')
    const { contact } = report.contact
    if (contactConfirmed || contact === null) return ok(incomplete)
    const checked = await checkContact(tx, { caseId: draft.id, contact, typed, now })
    if (!checked.ok) return checked
    await markContactConfirmed(tx, draft.id, checked.value, now)
    if (draft.filedById === null) await tellKept(tx, 'draft_kept', draft, contact, now)
    return ok(firstIncomplete(report, true))
  })
}

export interface CodeRequest {
  readonly cookie: DraftCookie | null
  readonly locale: 'vi' | 'en'
  readonly address: string
  /** The form's: sent again, it sends no further code, which would void this one. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * The reasons why no other code was sent: the contact has had as many as it may, or the network has asked for as many.
 */
export type SendRefusal = 'gone' | 'too_many' | 'too_many_here'

/** Sends another code to the contact of a draft; the codes before it are void. */
export async function sendAnotherCode(request: CodeRequest): Promise<Result<null, SendRefusal>> {
  const { cookie, locale, now } = request
  const context = await reportContext(now)
  const send = async (tx: Tx): Promise<Result<true, SendRefusal>> => {
    const { allowed } = await withinLimit('code_address', request.address, now)
    const draft = cookie === null ? null : await lockByCookie(tx, cookie, now)
    const contact = draft && progressOf(draft, context).report.contact?.contact
    if (!draft || !contact) return err('gone')
    if (!allowed) return err('too_many_here')
    const { key, number, content, contactHash: confirmed } = draft
    const sent = await confirmByCode(tx, { key, contact, locale, number, address: request.address, now })
    if (!sent.ok) return sent
    const change = { content: { ...content, codeSentTo: contact.value }, locale, contactHash: confirmed }
    await save(tx, draft, change, now)
    return ok(true)
  }
  const done = await inDrafts(() => actOnce(request.submitKey, 'code.confirm_contact', now, send))
  return done.ok ? ok(null) : done
}
