import '#server-only'
import { type CodeFault, checkCode, countAsk, sendContactCode } from '#features/contact-codes/acts.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sameBytes } from '#platform/crypto.ts'
import { transaction } from '#platform/db.ts'
import { actOnce, keyFor, RESEND_WINDOW } from '#platform/idempotency/commands.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { isLimited, withinLimit } from '#platform/rate-limits/commands.ts'
import { inScope } from '#platform/scope.ts'
import { findSecretHash } from '../citizen/data.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { parseCaseNumber } from '../numbers/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { type Code, parseCaseSecret, parseCode } from './rules.ts'

interface Sent {
  /** The mark of the browser (`hashAsker`); no other browser can enter the code. */
  readonly asker: string | null
  /** The form's key; the same form sent again gets the same answer. */
  readonly submitKey: string
}

export interface Unlocked {
  readonly caseId: string
  readonly number: string
  readonly locale: string
}

/** `no_match` is the same answer for an unknown number and for a wrong secret. */
export type UnlockRefusal = 'no_match' | 'too_many'

/** Compared if there is no case, so that a wrong number takes as much work as a wrong secret. */
const ZERO_HASH = new Uint8Array(32)
const NO_CASE = '00000000-0000-4000-8000-000000000000'

/**
 * Opens a case to a person who types its number and secret. A wrong number and a wrong secret are refused alike, in words and in
 * work; after too many wrong tries from an address, nothing more from it is checked.
 */
export async function unlockWithSecret(
  typed: { readonly number: string; readonly secret: string },
  address: string,
  now: Instant,
): Promise<Result<Unlocked, UnlockRefusal>> {
  const number = parseCaseNumber(typed.number)
  const secret = parseCaseSecret(typed.secret)
  const subject = number.ok ? number.value : ''
  if (await isLimited('lookup_address', address, now)) return err('too_many')
  const shown = keyedHash('case-secret', secret.ok ? secret.value : '')
  const c = await findSecretHash(subject)
  const right = sameBytes(c?.secretHash ?? ZERO_HASH, shown)
  if (c && right) return ok({ caseId: c.id, number: subject, locale: c.locale })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}

/**
 * Requests a code to the confirmed contact of a case, for seeing its status: once per `submitKey`, because a second code would
 * void the first. Looks nothing up, so neither the answer nor its time shows which numbers exist; only the sender's own limit
 * shows.
 */
export const requestStatusCode = (
  { number, address, asker, submitKey }: { readonly number: string; readonly address: string } & Sent,
  now: Instant,
): Promise<Result<true, 'too_many'>> =>
  actOnce<true, 'too_many'>(keyFor(submitKey, number), 'code.view_status', now, async (tx) => {
    if (!(await withinLimit('code_address', address, now)).allowed) return err('too_many')
    const ask = { about: number, purpose: 'view_status', address, ownId: null, now } as const
    if (!(await countAsk(tx, ask))) return err('too_many')
    await enqueue(tx, 'status-code', { number, asker })
    return ok(true)
  })

/**
 * Runs the job `status-code`: sends the code to every contact in force, if the case exists. If it is sent twice, the newer code
 * counts.
 */
export async function sendStatusCode(
  { number, asker = null }: JobData['status-code'],
  now: Instant,
): Promise<void> {
  const c = await findSecretHash(number)
  if (!c || c.erasedAt !== null) return
  await inScope(citizenScope(c.id, 'status'), async () => {
    const { key, particulars, locale } = await openCaseFile(c)
    const [contact, ...also] = contactsInForce(particulars, now)
    if (contact === undefined) return
    await transaction((tx) =>
      sendContactCode(tx, { key, purpose: 'view_status', contact, also, asker, locale, number, now }),
    )
  })
}

/**
 * Opens the status of a case to a person who read the code that was sent to its contact. The code counts once; the same form sent
 * again within seconds opens the status again.
 */
export async function unlockWithCode(
  { submitKey, asker, ...typed }: { readonly number: string; readonly code: string } & Sent,
  address: string,
  now: Instant,
): Promise<Result<Unlocked, UnlockRefusal>> {
  const number = parseCaseNumber(typed.number)
  const code = parseCode(typed.code)
  const subject = number.ok ? number.value : ''
  if (await isLimited('lookup_address', address, now)) return err('too_many')
  const c = await findSecretHash(subject)
  const caseId = c?.id ?? NO_CASE
  const checked = code.ok
    ? await spendOnce(caseId, code.value, { asker, submitKey }, now)
    : err('wrong' as const)
  if (c && checked.ok) return ok({ caseId: c.id, number: subject, locale: c.locale })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}

const spendOnce = (caseId: string, code: Code, { asker, submitKey }: Sent, now: Instant) =>
  actOnce<true, CodeFault>(
    keyFor(submitKey, caseId, code),
    'case.view_status',
    now,
    async (tx) => {
      const checked = await checkCode(tx, { caseId, purpose: 'view_status', code, asker, now })
      return checked.ok ? ok(true) : checked
    },
    RESEND_WINDOW,
  )
