import '#server-only'
import { citizenScope } from '#domain/access/scope.ts'
import { parseCaseNumber } from '#domain/case/number.ts'
import { parseCaseSecret, parseCode } from '#domain/case/secret.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { checkCode, sendCode } from '#server/codes/commands.ts'
import { isLimited, withinLimit } from '#server/limits/commands.ts'
import { keyedHash, sameBytes } from '#server/platform/crypto.ts'
import { transaction } from '#server/platform/db.ts'
import { enqueue } from '#server/platform/queue.ts'
import { inScope } from '#server/platform/scope.ts'
import { transact } from '#server/submissions/commands.ts'
import { lockOf } from '../repository/citizen.ts'
import { openFile } from '../repository.ts'

export interface Unlocked {
  readonly caseId: string
  readonly number: string
  readonly locale: string
}

/** One answer for a number that does not exist and a secret that is not its own. */
export type UnlockRefusal = 'no_match' | 'too_many'

/** Compared where there is no case, so that a wrong number costs the same work as a wrong secret. */
const NOBODYS = new Uint8Array(32)
const NO_CASE = '00000000-0000-4000-8000-000000000000'

/**
 * Opens a case to somebody who shows its number and secret, as they were typed. A wrong number and a wrong secret
 * are refused alike, in words and in work; after too many wrong tries nothing from their address is looked at.
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
  const lock = await lockOf(subject)
  const right = sameBytes(lock?.secretHash ?? NOBODYS, shown)
  if (lock && right) return ok({ caseId: lock.id, number: subject, locale: lock.locale })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}

/**
 * Asks for a code to the confirmed contact of a case, with which its status can be seen. It looks nothing up: neither
 * the answer nor its time tells which numbers exist, or how often their owners have asked.
 */
export const requestStatusCode = (number: string): Promise<void> =>
  transaction((tx) => enqueue(tx, 'status-code', { number }))

/** The job `status-code`: sends it, where there is such a case. Sent twice, the newer one counts. */
export async function sendStatusCode(number: string, now: Instant): Promise<void> {
  const lock = await lockOf(number)
  if (!lock || lock.erasedAt !== null) return
  await inScope(citizenScope(lock.id, 'status'), async () => {
    const { key, particulars, locale } = await openFile(lock)
    const { contact } = particulars
    if (contact === null) return
    await transact((tx) => sendCode(tx, { key, purpose: 'view_status', contact, locale, number, now }))
  })
}

/** Opens the status of a case to somebody who read the code that was sent to its contact. */
export async function unlockWithCode(
  typed: { readonly number: string; readonly code: string },
  address: string,
  now: Instant,
): Promise<Result<Unlocked, UnlockRefusal>> {
  const number = parseCaseNumber(typed.number)
  const code = parseCode(typed.code)
  const subject = number.ok ? number.value : ''
  if (await isLimited('lookup_address', address, now)) return err('too_many')
  const lock = await lockOf(subject)
  const caseId = lock?.id ?? NO_CASE
  const checked = code.ok
    ? await transact((tx) => checkCode(tx, { caseId, purpose: 'view_status', code: code.value, now }))
    : err('wrong' as const)
  if (lock && checked.ok) return ok({ caseId: lock.id, number: subject, locale: lock.locale })
  await withinLimit('lookup_address', address, now)
  return err('no_match')
}
