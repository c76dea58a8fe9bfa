import '#server-only'
import type { Code } from '#features/cases/rules/secret.ts'
import { checkCode, countAsk, sendCode } from '#features/contact-codes/commands.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import {
  confirmedContact,
  draftTransaction,
  findConfirmed,
  handOver,
  inDrafts,
  objectionDraft,
} from '../drafts/data.ts'
import type { ObjectionStep } from '../rules/holder.ts'
import type { ObjectionNumber } from '../rules/number.ts'

export interface ResumeRequest {
  readonly number: ObjectionNumber
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
 * Requests a code for the confirmed contact of a draft, once a `submitKey`. Answer and work are the same whether or not
 * there is such a draft, and when its contact has had its codes for this hour. Only the sender's own limit is told.
 */
export const requestResume = ({
  number,
  address,
  asker,
  locale,
  submitKey,
  now,
}: ResumeRequest): Promise<Result<true, 'limit'>> =>
  actOnce<true, 'limit'>(keyFor(submitKey, number), 'code.resume_objection', now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
    const ask = { about: number, purpose: 'resume_draft', address, ownId: null, now } as const
    if (!(await countAsk(tx, ask))) return err('limit')
    await enqueue(tx, 'resume-objection-code', { number, locale, asker })
    return ok(true)
  })

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

export interface ResumeTry extends Omit<ResumeRequest, 'locale'> {
  readonly code: Code
}

export interface Resumed {
  /** The key of the browser's draft. */
  readonly cookie: string
  readonly missing: ObjectionStep
}

/**
 * Opens a draft in another browser; the browser that had it loses it. An unknown number and a code that is wrong, too
 * old or tried too often have one answer, since any other would tell that there is such a draft. The code counts once;
 * the same form sent again within seconds opens the draft again.
 */
export async function resumeObjection({
  number,
  code,
  address,
  asker,
  submitKey,
  now,
}: ResumeTry): Promise<Result<Resumed, 'wrong' | 'limit'>> {
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

const cookieOf = (secret: Buffer): string => secret.toString('base64url')
