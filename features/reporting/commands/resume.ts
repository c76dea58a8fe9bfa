import '#server-only'
import type { CaseNumber } from '#features/cases/rules/number.ts'
import type { Code } from '#features/cases/rules/secret.ts'
import { checkCode, sendCode } from '#features/contact-codes/commands.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor, PRESSED_AGAIN } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { confirmedContact, progressOf, reportContext } from '../queries.ts'
import { draftTransaction, findByCookie, findConfirmed, handOver, inDrafts } from '../repository.ts'
import { isServed } from '../rules/draft-cookie.ts'
import type { Step } from '../rules/steps.ts'
import { cookieOf } from './start.ts'

export interface ResumeRequest {
  readonly number: CaseNumber
  readonly address: string
  readonly locale: 'vi' | 'en'
  /** The form's: sent again, it is answered alike. */
  readonly submitKey: string
  readonly now: Instant
}

/**
 * Asks for a code to the confirmed contact of a draft, once a `submitKey`. Answers the same, after the same work, whether
 * there is such a draft or not, and when its contact has had its codes for this hour; only the sender's own limit is told.
 */
export async function requestResume({
  number,
  address,
  locale,
  submitKey,
  now,
}: ResumeRequest): Promise<Result<true, 'limit'>> {
  return actOnce<true, 'limit'>(keyFor(submitKey, number), 'code.resume_draft', now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('limit')
    await enqueue(tx, 'resume-code', { number, locale })
    return ok(true)
  })
}

/** The job `resume-code`: sends it, where there is such a draft. Sent twice, the newer one counts. */
export async function sendResumeCode(number: string, locale: 'vi' | 'en', now: Instant): Promise<void> {
  await draftTransaction(async (tx) => {
    const draft = await findConfirmed(tx, number, now)
    const contact = draft && confirmedContact(draft)
    if (!draft || !contact) return
    await sendCode(tx, { key: draft.key, purpose: 'resume_draft', contact, locale, number, now })
  })
}

export interface ResumeTry extends Omit<ResumeRequest, 'locale'> {
  readonly code: Code
  /** Of the officer who is signed in. */
  readonly officerId: string | null
}

export interface Resumed {
  readonly cookie: string
  readonly incomplete: Step
}

/**
 * Opens a draft in another browser; the one before has it no more. A number that does not exist, and a code that is
 * wrong, too old or tried too often, have one answer: any other would tell that there is such a draft. So has one
 * that another officer writes down at the desk. The code counts once; sent again within seconds, the same form opens
 * the draft again.
 */
export async function resumeDraft({
  number,
  code,
  officerId,
  address,
  submitKey,
  now,
}: ResumeTry): Promise<Result<Resumed, 'wrong' | 'limit'>> {
  const { allowed } = await withinLimit('lookup_address', address, now)
  if (!allowed) return err('limit')
  const context = await reportContext(now)
  const key = keyFor(submitKey, number, code)
  const opening = async (tx: Tx, secret: Buffer): Promise<Result<null, 'wrong'>> => {
    const draft = await findConfirmed(tx, number, now)
    if (draft === null || !isServed(draft.filedById, officerId)) return err('wrong')
    const checked = await checkCode(tx, { caseId: draft.id, purpose: 'resume_draft', code, now })
    if (!checked.ok) return err('wrong')
    await handOver(tx, draft.id, cookieOf(secret), now)
    return ok(null)
  }
  const opened = await inDrafts(() => actOnceWithSecret(key, 'draft.resume', now, opening, PRESSED_AGAIN))
  if (!opened.ok) return opened
  const cookie = cookieOf(opened.value)
  // Sent again, it may be a case by now, or be open in yet another browser.
  const draft = await findByCookie({ value: cookie, officerId }, now)
  return draft ? ok({ cookie, incomplete: progressOf(draft, context).incomplete }) : err('wrong')
}
