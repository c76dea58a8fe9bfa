import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { contactHash } from '#features/contact-codes/queries.ts'
import { evidenceOf, screensSince } from '#features/evidence/queries.ts'
import type { EvidenceItem } from '#features/evidence/rules/item.ts'
import { isCodeLost } from '#features/notices/queries.ts'
import type { DraftFields, Faults } from '#features/reporting/rules/draft-fields.ts'
import { faultsLeftIn } from '#features/reporting/rules/field-reader.ts'
import { citizenScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { reachesPhones } from '#platform/sms.ts'
import { findDraft, type ObjectionDraft } from '../repository/drafts.ts'
import { sentWith } from '../repository/sending.ts'
import { firstMissing, type ObjectionProgress, type ObjectionStep, readHolder } from '../rules/holder.ts'
import { wordUntil } from '../rules/word.ts'

/** A draft as its pages show it. */
export interface ObjectionDraftView extends ObjectionProgress {
  readonly number: string
  readonly imei: string
  readonly word: string
  readonly wordUntil: Instant
  readonly inspection: boolean
  readonly answers: DraftFields
  /** The faults that the last saving found in them. */
  readonly faults: Faults
  readonly evidence: readonly EvidenceItem[]
  /** The first step with something missing; `review` when it can be sent. */
  readonly missing: ObjectionStep
  readonly expiresAt: Instant
  /** A code has gone to the contact. */
  readonly codeSent: boolean
  /** True where the newest code is known not to have gone out, or not to have arrived. */
  readonly codeNotArrived: boolean
  /** The contact that can open the draft in another browser, once it is confirmed. */
  readonly resumeWith: Contact | null
}

/** Returns the draft that a browser writes, or null when it has none (any more). */
export async function objectionDraft(
  cookie: string | null,
  now: Instant,
): Promise<ObjectionDraftView | null> {
  const draft = cookie === null ? null : await findDraft(cookie, now)
  if (draft === null) return null
  const [progress, evidence] = await Promise.all([
    progressOf(draft, now),
    evidenceOf(citizenScope(draft.id, 'full'), draft.id),
  ])
  const { number, imei, word, wordAt, inspection, content, dueAt } = draft
  const { faults } = readHolder(content.answers, now, reachesPhones())
  return {
    ...progress,
    evidence,
    number,
    imei,
    word,
    wordUntil: wordUntil(wordAt),
    inspection,
    answers: content.answers,
    faults: faultsLeftIn(content.answers, faults),
    missing: firstMissing(progress),
    expiresAt: dueAt,
    codeSent: progress.holder !== null && content.codeSentTo === progress.holder.contact.value,
    codeNotArrived: !progress.contactConfirmed && (await isCodeLost(draft.id)),
    resumeWith: confirmedContact(draft),
  }
}

/** Returns how far a draft has come, with everything in it read anew. */
export async function progressOf(draft: ObjectionDraft, now: Instant, tx?: Tx): Promise<ObjectionProgress> {
  const holder = readHolder(draft.content.answers, now, reachesPhones()).value
  return {
    shown: draft.inspection || (await screensSince(draft.id, draft.wordAt, tx)) > 0,
    holder,
    contactConfirmed: holder !== null && isConfirmed(draft.contactHash, holder.contact),
  }
}

/** Returns the contact that has answered its code, even while another field of that step is faulty. */
export function confirmedContact({
  content,
  contactHash: hash,
}: Pick<ObjectionDraft, 'content' | 'contactHash'>): Contact | null {
  const value = content.codeSentTo
  if (value === null) return null
  const contact: Contact = { kind: value.includes('@') ? 'email' : 'phone', value }
  return isConfirmed(hash, contact) ? contact : null
}

const isConfirmed = (hash: Uint8Array | null, contact: Contact): boolean =>
  hash !== null && sameBytes(hash, contactHash(contact))

/** Returns the draft that an uploaded file belongs to, or null when this browser has none. */
export async function objectionForEvidence(
  cookie: string | null,
  now: Instant,
): Promise<{ readonly id: string; readonly key: CaseKey; readonly wordEnded: boolean } | null> {
  const draft = cookie === null ? null : await findDraft(cookie, now)
  return draft && { id: draft.id, key: draft.key, wordEnded: wordUntil(draft.wordAt) <= now }
}

/** Returns what a browser has sent with its key, with the secret for 24 hours. */
export const sentObjection = sentWith
