import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { sameBytes } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

// What drafts of every kind share: begun in one browser, gone on with in another by contact and code.

/** Runs work that begins its transaction itself. The product acts: a draft is of no district, and is found by its cookie, code or number. */
export const inDrafts = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

export const draftTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  inDrafts(() => transaction(work))

export const cookieOf = (secret: Buffer): string => secret.toString('base64url')

/** The part of a draft's sealed content that says where codes went. */
export interface SentCodes {
  /** The contact that a code was last sent to: once one has answered, that one. */
  readonly codeSentTo: string | null
  /** Of two contacts the other that a code was sent to, and the other that has answered its own. */
  readonly alsoSentTo?: string
  readonly alsoConfirmed?: string
}

export const sentTo = ({ codeSentTo, alsoSentTo }: SentCodes): readonly string[] =>
  [codeSentTo, alsoSentTo].filter((one) => one != null)

/** Notes for a draft with these contacts, in their order, that some were sent a code. */
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

/** Tells whether a contact is the one that has answered its code. */
export const isConfirmed = (hash: Uint8Array | null, contact: Contact): boolean =>
  hash !== null && sameBytes(hash, contactHash(contact))

/** Returns the contact that has answered its code, also while the step it stands in is left with something wrong in it. */
export function confirmedContact(draft: {
  readonly content: SentCodes
  readonly contactHash: Uint8Array | null
}): Contact | null {
  const sent = sentTo(draft.content).map(
    (value): Contact => ({ kind: value.includes('@') ? 'email' : 'phone', value }),
  )
  return sent.find((one) => isConfirmed(draft.contactHash, one)) ?? null
}
