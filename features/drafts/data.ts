import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { sameBytes } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

// For drafts of every kind: begun in one browser, continued in another by contact and code.

/**
 * Runs work that begins its own transaction. Uses the system scope: a draft has no district, and is found by its cookie, code or
 * number.
 */
export const inDrafts = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

export const draftTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  inDrafts(() => transaction(work))

export const cookieOf = (secret: Buffer): string => secret.toString('base64url')

export interface SentCodes {
  /** The contact that last got a code; after a confirmation, the confirmed one. */
  readonly codeSentTo: string | null
  /** With two contacts: the other one that got a code, and the other one that is confirmed. */
  readonly alsoSentTo?: string
  readonly alsoConfirmed?: string
}

export const sentTo = ({ codeSentTo, alsoSentTo }: SentCodes): readonly string[] =>
  [codeSentTo, alsoSentTo].filter((one) => one != null)

export function withSent<Content extends SentCodes>(
  content: Content,
  contacts: readonly Contact[],
  sent: readonly Contact[],
): Content {
  const { alsoSentTo: _, ...rest } = content
  const all = [...sentTo(content), ...sent.map(({ value }) => value)]
  const [codeSentTo = null, also] = contacts.map(({ value }) => value).filter((value) => all.includes(value))
  return { ...rest, codeSentTo, ...(also !== undefined && { alsoSentTo: also }) } as Content
}

export const isConfirmed = (hash: Uint8Array | null, contact: Contact): boolean =>
  hash !== null && sameBytes(hash, contactHash(contact))

/** Returns the confirmed contact, even while the form's own field has an invalid value. */
export function confirmedContact(draft: {
  readonly content: SentCodes
  readonly contactHash: Uint8Array | null
}): Contact | null {
  const sent = sentTo(draft.content).map(
    (value): Contact => ({ kind: value.includes('@') ? 'email' : 'phone', value }),
  )
  return sent.find((one) => isConfirmed(draft.contactHash, one)) ?? null
}
