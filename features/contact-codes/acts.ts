import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { newCode, parseCode, type SecretFault } from '#features/cases/unlock/rules.ts'
import { notify } from '#features/notices/acts.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant, localDate, MINUTE } from '#lib/time.ts'
import { type CaseKey, keyedHash, randomBuffer, sameBytes } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { processMetrics } from '#platform/metrics.ts'
import { giveBack, withinLimit } from '#platform/rate-limits/commands.ts'
import { type CodePurpose, contactHash, countAsks, spendTry, writeContactHash } from './data.ts'
import { mayAskForCode } from './rules.ts'

const LIFETIME = 15 * MINUTE
const TRIES = 5

export interface CodeAsk {
  /** The contact that is to be sent it, or the number of the case whose contacts are. */
  readonly about: Contact | string
  readonly purpose: CodePurpose
  readonly address: string
  /** The draft or case that asks for itself; null where anybody may ask for the contact. */
  readonly ownId: string | null
  readonly now: Instant
}

/**
 * Counts that a code is asked for; false where no more are sent for now. Purposes are counted apart, and each who asks by
 * themselves (`mayAskForCode`): requests of strangers take nothing from a person who confirms their contact. What is asked
 * is counted whether or not anything will be sent, so that the answer tells of the asker alone.
 */
export async function countAsk(tx: Tx, { about, purpose, address, ownId, now }: CodeAsk): Promise<boolean> {
  const ask = {
    contactHash: typeof about === 'string' ? keyedHash('contact', `case:${about}`) : contactHash(about),
    purpose,
    networkHash: keyedHash('code-network', `${localDate(now)}\0${address}`),
    ownId,
  }
  // One sender at a time for a contact, until this transaction ends.
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
  /** The mark of the browser that asked (`hashAsker`), where anybody may ask. */
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
 * Sends a new code, in the caller's transaction; the codes that the same browser asked for before, for the same purpose, are
 * void. `countAsk` comes first, and so does the limit of the network (`code_address`): only requests have one.
 */
export async function sendContactCode(tx: Tx, request: CodeRequest): Promise<void> {
  const { key, purpose, contact, locale, number, now } = request
  const code = newCode(randomBuffer)
  const [caseId, asker] = [key.caseId, askerBytes(request.asker)]
  const to = contactHash(contact)
  // A code that confirms a contact leaves that of another contact: of two, either may be entered.
  const before = { asker, ...(purpose === 'confirm_contact' && { contactHash: to }) }
  await tx.contactCode.deleteMany({
    where: { caseId, purpose, OR: [before, { expiresAt: { lt: now } }] },
  })
  const hashes = { contactHash: to, codeHash: codeHash(caseId, purpose, code) }
  const times = { createdAt: now, expiresAt: addMilliseconds(now, LIFETIME) }
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

/** Returns how a browser's mark is carried and kept: nobody reads the mark off the queue or the codes. */
export const hashAsker = (mark: string): string => Buffer.from(keyedHash('code-asker', mark)).toString('hex')

const askerBytes = (asker: string | null | undefined): Uint8Array<ArrayBuffer> | null =>
  asker == null ? null : Buffer.from(asker, 'hex')

export type CodeFault = 'wrong' | 'expired' | 'too_many_tries'
export type ContactFault = SecretFault | CodeFault

interface CodeTry {
  readonly caseId: string
  readonly purpose: CodePurpose
  /** Six digits, as `parseCode` reads them. */
  readonly code: string
  /** The mark of the browser that enters it, where anybody may ask for one. */
  readonly asker?: string | null
  /** The contact whose code alone counts; any where it is not given. */
  readonly sentTo?: Contact
  readonly now: Instant
}

/**
 * Checks a typed code. Every try is counted by itself and stays counted when the caller's
 * transaction is rolled back; a right code is used up in that transaction, so a failed act does not cost it.
 *
 * A code is entered only by the browser that asked for it, and after its five tries, right or wrong, only a new code helps:
 * wrong codes of strangers go to codes of their own. A guess is right once in 1,000,000. One network asks for 3 codes an
 * hour and so guesses 15 times: 1 in 66,000 an hour, and 5 years for even odds, with three messages an hour to the
 * contact. All networks together guess 100 times an hour about one contact (`code_guesses`), which takes 12 of them or
 * more: 1 in 10,000 an hour, 289 days for even odds, and at least 20 messages an hour that say that somebody asks.
 */
export const checkCode = (tx: Tx, tried: CodeTry): Promise<CheckedCode> =>
  check(tx, tried, `${tried.purpose} ${tried.caseId}`)

type CheckedCode = Result<{ contactHash: Uint8Array<ArrayBuffer> }, CodeFault>

/** `about` names what guesses are counted for together. */
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
 * Checks a code by the contact that it was sent to, whichever of its drafts it was sent for: the newest counts. A contact
 * that was sent none costs the same work.
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

/** Checks a code that was sent to a contact as `confirm_contact`; answers the contact's hash, by which it is kept confirmed. */
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
  // A code for another contact says nothing about this one.
  const tried = { caseId, purpose: 'confirm_contact', code: code.value, sentTo: contact, now } as const
  const checked = await checkCode(tx, tried)
  return checked.ok ? ok(checked.value.contactHash) : checked
}

const codeHash = (caseId: string, purpose: CodePurpose, code: string): Uint8Array<ArrayBuffer> =>
  keyedHash('code', `${caseId}\0${purpose}\0${code}`)
