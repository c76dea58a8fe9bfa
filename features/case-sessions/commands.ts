import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealForCookie, unsealForCookie } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import {
  type CaseAccess,
  extendSession,
  insert,
  remove,
  removeFlash,
  removeOf,
  writeFlash,
} from './repository.ts'

/** A visit ends two hours after it was last used. */
export const VISIT_LENGTH = 2 * HOUR
/** Used again within this, it is not written again. */
const GRACE = HOUR / 12

export const hashOf = (token: string): Uint8Array<ArrayBuffer> => keyedHash('case-session', token)

/**
 * Begins a browser's visit to a case, or to an objection, after it has shown the secret (`full`) or a code from the contact
 * (`status`), or opened it from the list of `identityId`; or to a list of phones, by a code to the contact `openedBy`. Answers
 * the token for its cookie, which is kept nowhere else. The visit that the browser had before ends.
 */
export async function beginVisit(
  caseId: string,
  access: CaseAccess,
  before: string | undefined,
  now: Instant,
  identityId: string | null = null,
  of: 'case' | 'objection' | 'registrant' = 'case',
  openedBy: Uint8Array<ArrayBuffer> | null = null,
): Promise<string> {
  const token = randomBuffer(32).toString('base64url')
  await transaction(async (tx) => {
    if (before) await remove(tx, hashOf(before))
    await insert(tx, {
      tokenHash: hashOf(token),
      caseId,
      access,
      identityId,
      openedBy,
      createdAt: now,
      expiresAt: addMilliseconds(now, VISIT_LENGTH),
    })
    await audit(tx, {
      actor: { kind: 'citizen' },
      act: `${of}.open`,
      subject: { kind: of, id: caseId },
      facts: identityId === null ? { access } : { access, fromList: true },
      at: now,
    })
  })
  return token
}

/** Lets a visit that is in use go on: two hours from now. */
export async function keepVisit(token: string, expiresAt: Instant, now: Instant): Promise<void> {
  const wanted = addMilliseconds(now, VISIT_LENGTH)
  if (wanted.getTime() - expiresAt.getTime() > GRACE) await extendSession(hashOf(token), wanted)
}

export const endVisit = (token: string): Promise<void> => transaction((tx) => remove(tx, hashOf(token)))

/** Ends every visit that was opened from a citizen's list, or those to one case of it. */
export const endVisitsOf = (tx: Tx, identityId: string, caseId?: string): Promise<void> =>
  removeOf(tx, identityId, caseId)

/** Keeps what the next page is to say once: sealed so that only this browser's cookie opens it. */
export const setFlash = (token: string, flash: unknown): Promise<void> =>
  writeFlash(hashOf(token), sealForCookie(token, 'flash', flash))

/** Returns what was kept for this page, which is gone with it. */
export async function takeFlash<T>(token: string): Promise<T | null> {
  const sealed = await removeFlash(hashOf(token))
  return sealed && unsealForCookie<T>(token, 'flash', sealed)
}
