import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { newCode, parseCode, type SecretFault } from '#features/cases/rules/secret.ts'
import { notify } from '#features/notices/commands.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant, MINUTE } from '#lib/time.ts'
import { type CaseKey, keyedHash, randomBuffer, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { contactHash } from './queries.ts'
import {
  type CodePurpose,
  lockContact,
  markCodeUsed,
  newestCodeFor,
  recordSend,
  replaceCode,
  sendsSince,
  spendTry,
} from './repository.ts'

const SENDS_AN_HOUR = 3
const LIFETIME = 15 * MINUTE
const TRIES = 5

export interface CodeRequest {
  /** Of the draft or case that the code is for. */
  readonly key: CaseKey
  readonly purpose: CodePurpose
  readonly contact: Contact
  readonly locale: string
  /** The message's words, where its purpose has more than one. */
  readonly template?: 'code_confirm_objection' | 'code_resume_objection'
  /** The case number that the message names. */
  readonly number: string
  readonly now: Instant
}

/**
 * Sends a new code, in the caller's transaction; the codes sent before it for the same purpose are void. One contact gets
 * at most three an hour, from all who ask together, even at once. How often one address may ask is for the caller to limit
 * first (`code_address`): only requests have one.
 */
export async function sendCode(tx: Tx, request: CodeRequest): Promise<Result<null, 'too_many'>> {
  const { key, purpose, contact, locale, number, now } = request
  const hash = contactHash(contact)
  if (!(await countSend(tx, hash, now))) return err('too_many')
  const code = newCode(randomBuffer)
  await replaceCode(tx, {
    caseId: key.caseId,
    purpose,
    contactHash: hash,
    codeHash: codeHash(key.caseId, purpose, code),
    createdAt: now,
    expiresAt: addMilliseconds(now, LIFETIME),
  })
  await notify(tx, {
    key,
    to: contact,
    template: request.template ?? `code_${purpose}`,
    locale,
    params: { number, code },
    at: now,
  })
  return ok(null)
}

/**
 * Counts a code for a contact, known by its hash; false where it has had as many as it may. Counted as well where nothing
 * is sent since the contact has nothing to open: otherwise the next code's refusal would tell that it has.
 */
export async function countSend(tx: Tx, hash: Uint8Array<ArrayBuffer>, now: Instant): Promise<boolean> {
  await lockContact(tx, hash)
  const allowed = Math.max(1, Math.floor(SENDS_AN_HOUR * env().LIMIT_SCALE))
  if ((await sendsSince(tx, hash, addMilliseconds(now, -HOUR))) >= allowed) return false
  await recordSend(tx, hash, now)
  return true
}

export type CodeFault = 'wrong' | 'expired' | 'too_many_tries'
/** Each with its words in `faults`. */
export type ContactFault = SecretFault | CodeFault

export interface CodeTry {
  readonly caseId: string
  readonly purpose: CodePurpose
  /** Six digits, as `parseCode` reads them. */
  readonly code: string
  readonly now: Instant
}

/**
 * Checks a typed code. Every try is counted by itself and stays counted when the caller's
 * transaction is rolled back; a right code is used up in that transaction, so a failed act does not cost it.
 * After five tries, right or wrong, only a new code helps.
 */
export async function checkCode(
  tx: Tx,
  { caseId, purpose, code, now }: CodeTry,
): Promise<Result<{ contactHash: Uint8Array<ArrayBuffer> }, CodeFault>> {
  const tried = await spendTry(caseId, purpose)
  if (!tried || tried.used_at) return err('wrong')
  if (tried.attempts > TRIES) return err('too_many_tries')
  const right = sameBytes(tried.code_hash, codeHash(caseId, purpose, code))
  if (!right) return err(tried.attempts === TRIES ? 'too_many_tries' : 'wrong')
  if (tried.expires_at <= now) return err('expired')
  if (!(await markCodeUsed(tx, tried.id, now))) return err('wrong')
  return ok({ contactHash: tried.contact_hash })
}

export interface SentCodeTry extends Omit<CodeTry, 'caseId'> {
  /** The contact that the code was sent to. */
  readonly contact: Contact
}

/** No case or draft has this id. */
const UNUSED_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Checks a code by the contact that it was sent to, whichever of its drafts it was sent for: the newest counts. A contact
 * that was sent none costs the same work.
 */
export async function checkCodeSentTo(
  tx: Tx,
  { contact, ...tried }: SentCodeTry,
): Promise<Result<{ contactHash: Uint8Array<ArrayBuffer> }, CodeFault>> {
  const caseId = await newestCodeFor(tx, contactHash(contact), tried.purpose)
  return checkCode(tx, { ...tried, caseId: caseId ?? UNUSED_ID })
}

export interface ContactConfirmation {
  readonly caseId: string
  /** The contact that is to be confirmed. */
  readonly contact: Contact
  /** The code as it was typed. */
  readonly typed: string
  readonly now: Instant
}

/** Checks a code that was sent to a contact as `confirm_contact`; answers the contact's hash, by which it is kept confirmed. */
export async function checkContact(
  tx: Tx,
  { caseId, contact, typed, now }: ContactConfirmation,
): Promise<Result<Uint8Array<ArrayBuffer>, ContactFault>> {
  const code = parseCode(typed)
  if (!code.ok) return code
  const checked = await checkCode(tx, { caseId, purpose: 'confirm_contact', code: code.value, now })
  if (!checked.ok) return checked
  const hash = checked.value.contactHash
  // A code for the contact before this one says nothing about this one.
  return sameBytes(hash, contactHash(contact)) ? ok(hash) : err('wrong')
}

const codeHash = (caseId: string, purpose: CodePurpose, code: string): Uint8Array<ArrayBuffer> =>
  keyedHash('code', `${caseId}\0${purpose}\0${code}`)
