import '#server-only'
import { randomUUID } from 'node:crypto'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { insertInvitation } from '../repository/invitations.ts'
import { INVITATION_LIFE } from '../rules/sign-in.ts'

/**
 * Returns the secret part of an invitation's link. It is made of the invitation's id under ANTAM_HASH_KEY, so that the job
 * which mails it carries the id alone, and a reader of the database has no link.
 */
export const linkSecret = (invitationId: string): string =>
  Buffer.from(keyedHash('invitation-link', invitationId)).toString('base64url')

/** Returns the path of an invitation's link, which trades its secret for a cookie (app/k/invitation/[secret]). */
export const linkPath = (secret: string): string => `/k/invitation/${secret}`

/** Makes a link for an account; an older one ends. Returns the invitation's id. */
export async function makeInvitation(tx: Tx, accountId: string, now: Instant): Promise<string> {
  const invitationId = randomUUID()
  await insertInvitation(tx, {
    tokenHash: keyedHash('invitation', linkSecret(invitationId)),
    accountId,
    createdAt: now,
    expiresAt: addMilliseconds(now, INVITATION_LIFE),
  })
  return invitationId
}

/** Makes a link for an account and mails it to the account's address: it is shown nowhere. */
export async function mailInvitation(
  tx: Tx,
  accountId: string,
  notice: 'invited' | 'sign_in_reset',
  now: Instant,
): Promise<void> {
  const invitationId = await makeInvitation(tx, accountId, now)
  await enqueue(tx, 'account-notice', { id: randomUUID(), accountId, notice, invitationId })
}
