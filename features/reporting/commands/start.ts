import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { draftExpiry } from '#features/cases/rules/clocks.ts'
import { newCaseNumber } from '#features/cases/rules/number.ts'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import type { Actor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, newCaseKey, randomBuffer } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { draftTransaction, insert } from '../repository.ts'
import type { DraftFields } from '../rules/draft-fields.ts'

export interface DraftStart {
  readonly locale: string
  readonly answers?: DraftFields
  /** The officer who writes the report down for a person at the desk. */
  readonly filedBy?: Extract<Actor, { kind: 'staff' }>
  /** The contact among the answers, where it has answered a code just now. */
  readonly confirmed?: Contact
  readonly now: Instant
}

/** Writes the secret of a new draft, 256 random bits, as the key for a browser's cookie. */
export const cookieOf = (secret: Buffer): string => secret.toString('base64url')

/** Starts a draft, and answers the key for the browser's cookie. */
export async function startDraft(start: DraftStart): Promise<string> {
  const cookie = cookieOf(randomBuffer(32))
  await draftTransaction((tx) => beginDraft(tx, cookie, start))
  return cookie
}

/**
 * Begins a draft under a key, number and id of its own, which the case will keep; of the cookie only the hash is stored. A
 * number that is taken (one in 2^40) fails the insert: the person sends the form again.
 */
export async function beginDraft(
  tx: Tx,
  cookie: string,
  { locale, answers = {}, filedBy, confirmed, now }: DraftStart,
): Promise<CaseKey> {
  const { key, stored } = newCaseKey(randomUUID())
  await insert(tx, {
    key,
    stored,
    number: newCaseNumber(randomBuffer),
    cookie,
    locale,
    content: { answers, codeSentTo: confirmed?.value ?? null },
    contactHash: confirmed ? contactHash(confirmed) : null,
    filedById: filedBy?.id ?? null,
    now,
    expiresAt: draftExpiry(now, env().RETAIN_DRAFT_DAYS),
  })
  await audit(tx, {
    actor: filedBy ?? { kind: 'citizen' },
    act: 'draft.start',
    subject: { kind: 'draft', id: key.caseId },
    at: now,
  })
  return key
}
