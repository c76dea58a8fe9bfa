import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { newCode, parseCode, type SecretFault } from '#features/cases/unlock/rules.ts'
import { notify } from '#features/notices/acts.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant, localDate } from '#lib/time.ts'
import { type CaseKey, keyedHash, randomBuffer, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { processMetrics } from '#platform/metrics.ts'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { type CodePurpose, contactHash, countAsks, spendTry, writeContactHash } from './data.ts'
import { CODE_LIFETIME, mayAskForCode } from './rules.ts'

const TRIES = 5

export interface CodeAsk {
  /** The contact to send a code to, or the number of a case whose contacts get it. */
  readonly about: Contact | string
  readonly purpose: CodePurpose
  readonly address: string
  /** The draft or case that asks for its own code; null where anybody may ask for the contact. */
  readonly ownId: string | null
  readonly now: Instant
}

/**
 * Counts a request for a code; returns false if no more may be sent now. Counts by purpose and by asker (`mayAskForCode`), so
 * that requests of strangers do not use up those of a person who confirms their contact. Counts even when nothing will be sent,
 * so that the answer depends only on the asker.
 */
export async function countAsk(tx: Tx, { about, purpose, address, ownId, now }: CodeAsk): Promise<boolean> {
  const ask = {
    contactHash: typeof about === 'string' ? keyedHash('contact', `case:${about}`) : contactHash(about),
    purpose,
    networkHash: keyedHash('code-network', `${localDate(now)}\0${address}`),
    ownId,
  }
  // One sender at a time per contact, until this transaction ends.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${Buffer.from(ask.contactHash).readBigInt64BE()})`
  if (!mayAskForCode(await countAsks(tx, ask, addMilliseconds(now, -HOUR)), env().LIMIT_SCALE)) return false
  await tx.codeSend.create({ data: { ...ask, at: now }, select: { id: true } })
  return true
}

export interface CodeRequest {
  readonly key: CaseKey
  readonly purpose: CodePurpose
  readonly contact: Contact
  readonly also?: readonly Contact[]
  /** The hashed mark of the asking browser (`hashAsker`), where anybody may ask. */
  readonly asker?: string | null
  readonly locale: string
  readonly template?:
    | 'code_confirm_objection'
    | 'code_resume_objection'
    | 'code_new_contact'
    | 'code_open_phones'
    | 'code_report_for'
    | 'code_watch'
  readonly number: string
  readonly now: Instant
}

/**
 * Sends a new code, in the caller's transaction. Earlier codes of the same browser and purpose are deleted. The request has to
 * pass `countAsk` and the network's limit (`code_address`) first: a job knows no network.
 */
export async function sendContactCode(tx: Tx, request: CodeRequest): Promise<void> {
  const { key, purpose, contact, locale, number, now } = request
  const code = newCode(randomBuffer)
  const [caseId, asker] = [key.caseId, askerBytes(request.asker)]
  const to = contactHash(contact)
  // With two contacts, a code for one stays valid when the other gets its own.
  const before = { asker, ...(purpose === 'confirm_contact' && { contactHash: to }) }
  await tx.contactCode.deleteMany({
    where: { caseId, purpose, OR: [before, { expiresAt: { lt: now } }] },
  })
  const hashes = { contactHash: to, codeHash: codeHash(caseId, purpose, code) }
  const times = { createdAt: now, expiresAt: addMilliseconds(now, CODE_LIFETIME) }
  await tx.contactCode.create({ data: { caseId, purpose, asker, ...hashes, ...times }, select: { id: true } })
  const template = request.template ?? (`code_${purpose}` as const)
  for (const one of [contact, ...(request.also ?? [])])
    await notify(tx, { key, to: one, template, locale, params: { number, code }, at: now })
  processMetrics()?.codes.inc({ event: 'sent', channel: contact.kind })
}

export async function confirmByCode(
  tx: Tx,
  { address, ...request }: Omit<CodeRequest, 'purpose' | 'asker'> & { readonly address: string },
): Promise<Result<null, 'too_many'>> {
  const { key, contact, now } = request
  const purpose = 'confirm_contact'
  if (!(await countAsk(tx, { about: contact, purpose, address, ownId: key.caseId, now })))
    return err('too_many')
  await sendContactCode(tx, { ...request, purpose })
  return ok(null)
}

/** Hashes a browser's mark, so that neither the queue nor the codes reveal it. */
export const hashAsker = (mark: string): string => Buffer.from(keyedHash('code-asker', mark)).toString('hex')

const askerBytes = (asker: string | null | undefined): Uint8Array<ArrayBuffer> | null =>
  asker == null ? null : Buffer.from(asker, 'hex')

export type CodeFault = 'wrong' | 'expired' | 'too_many_tries'
export type ContactFault = SecretFault | CodeFault

interface CodeTry {
  readonly caseId: string
  readonly purpose: CodePurpose
  /** Six digits, as `parseCode` returns them. */
  readonly code: string
  /** The hashed mark of the browser that enters the code, where anybody may ask for one. */
  readonly asker?: string | null
  /** Only a code for this contact counts; any if absent. */
  readonly sentTo?: Contact
  readonly now: Instant
}

/**
 * Checks a typed code. Every try is counted on its own, and stays counted when the caller's transaction is rolled back. A right
 * code is used up in that transaction, so a failed act does not cost it.
 *
 * Only the browser that asked for a code can enter it. After five tries, right or wrong, a new code is needed; the wrong tries
 * of strangers count for codes of their own. A guess is right once in 1,000,000. One network asks for 3 codes an hour and so
 * guesses 15 times: 1 in 66,000 an hour, and 5 years for even odds, with three messages an hour to the contact. All networks
 * together guess 100 times an hour about one contact (`code_guesses`), which takes 12 of them or more: 1 in 10,000 an hour, 289
 * days for even odds, and at least 20 messages an hour, which the contact notices.
 */
export const checkCode = (tx: Tx, tried: CodeTry): Promise<CheckedCode> =>
  check(tx, tried, `${tried.purpose} ${tried.caseId}`)

type CheckedCode = Result<{ contactHash: Uint8Array<ArrayBuffer> }, CodeFault>

async function check(
  tx: Tx,
  { caseId, purpose, code, asker, sentTo, now }: CodeTry,
  about: string,
): Promise<CheckedCode> {
  if (!(await withinLimit('code_guesses', about, now)).allowed) return err('too_many_tries')
  const tried = await spendTry(caseId, purpose, askerBytes(asker), sentTo ? contactHash(sentTo) : null)
  if (!tried || tried.used_at) return err('wrong')
  if (tried.attempts > TRIES) return err('too_many_tries')
  const right = sameBytes(tried.code_hash, codeHash(caseId, purpose, code))
  processMetrics()?.codes.inc({ event: right ? 'entered' : 'wrong' })
  if (!right) return err(tried.attempts === TRIES ? 'too_many_tries' : 'wrong')
  if (tried.expires_at <= now) return err('expired')
  const unused = { id: tried.id, usedAt: null }
  const { count } = await tx.contactCode.updateMany({ where: unused, data: { usedAt: now } })
  if (count === 0) return err('wrong')
  await giveBack('code_guesses', about, now)
  return ok({ contactHash: tried.contact_hash })
}

const UNUSED_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Checks a code by its contact, whichever draft it was for; the newest counts. Without any code the work is the same, so that
 * the time reveals nothing.
 */
export async function checkCodeSentTo(
  tx: Tx,
  { contact, ...tried }: Omit<CodeTry, 'caseId' | 'sentTo'> & { readonly contact: Contact },
): Promise<CheckedCode> {
  const newest = await tx.contactCode.findFirst({
    where: { contactHash: contactHash(contact), purpose: tried.purpose, asker: askerBytes(tried.asker) },
    select: { caseId: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  })
  return check(
    tx,
    { ...tried, caseId: newest?.caseId ?? UNUSED_ID },
    `${tried.purpose} ${writeContactHash(contact)}`,
  )
}

/** Checks a `confirm_contact` code and returns the contact's hash, which is stored as its confirmation. */
export async function checkContact(
  tx: Tx,
  {
    caseId,
    contact,
    typed,
    now,
  }: {
    readonly caseId: string
    readonly contact: Contact
    readonly typed: string
    readonly now: Instant
  },
): Promise<Result<Uint8Array<ArrayBuffer>, ContactFault>> {
  const code = parseCode(typed)
  if (!code.ok) return code
  // A code sent to another contact does not confirm this one.
  const tried = { caseId, purpose: 'confirm_contact', code: code.value, sentTo: contact, now } as const
  const checked = await checkCode(tx, tried)
  return checked.ok ? ok(checked.value.contactHash) : checked
}

const codeHash = (caseId: string, purpose: CodePurpose, code: string): Uint8Array<ArrayBuffer> =>
  keyedHash('code', `${caseId}\0${purpose}\0${code}`)
