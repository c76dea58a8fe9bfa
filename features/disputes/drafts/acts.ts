import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { lockBlockingCase } from '#features/cases/claims/acts.ts'
import { draftExpiry } from '#features/cases/clocks/rules.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import type { Contact, ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { newCaseSecret } from '#features/cases/unlock/rules.ts'
import { checkPhone } from '#features/check/acts.ts'
import { type ContactFault, checkContact } from '#features/contact-codes/acts.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { sendConfirmation } from '#features/drafts/acts.ts'
import { draftTransaction, inDrafts } from '#features/drafts/data.ts'
import { lockEvidence } from '#features/evidence/files/acts.ts'
import { notify } from '#features/notices/acts.ts'
import type { DraftFields, Faults } from '#features/reporting/fields/reader-rules.ts'
import { TYPED_MAX } from '#features/reporting/fields/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { keyedHash, newCaseKey, randomBuffer, sameBytes, seal, sealForCookie } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { env } from '#platform/env.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { inScope } from '#platform/scope.ts'
import { reachesPhones } from '#platform/sms.ts'
import { addObjectionEvent, readObjectionCalendar, SEALED } from '../objections/data.ts'
import { objectionDue } from '../objections/moves-rules.ts'
import { objectionNumbers } from '../objections/rules.ts'
import {
  DRAFT_SEALED,
  type DraftContent,
  findSentObjection,
  hashCookie,
  lockDraft,
  type ObjectionDraft,
  readProgress,
  receiptPlace,
  saveDraft,
} from './data.ts'
import {
  drawWord,
  firstMissing,
  HOLDER_CONSENTS,
  HOLDER_FIELDS,
  type ObjectionStep,
  readHolder,
} from './rules.ts'

interface Sender {
  readonly locale: 'vi' | 'en'
  /** The sender's network address, for rate limits. */
  readonly address: string
  readonly now: Instant
}

/**
 * Begins an objection to the block of a phone. It reveals only what the public check does, and counts as a check: a case that two
 * people have not acted on stays hidden. Returns the key of the browser's draft.
 */
export async function beginObjection({
  imei,
  locale,
  address,
  now,
}: Sender & { readonly imei: string }): Promise<
  Result<string, { readonly imei1: string } | { readonly form: string; readonly seconds?: number }>
> {
  const checked = await checkPhone(imei, address, now)
  if (!checked.ok) {
    const { error } = checked
    return error.kind === 'too_often'
      ? err({ form: 'check.too_often', seconds: error.retryAfterSeconds })
      : err({ imei1: error.fault === 'empty' ? 'check.empty' : `report.imei.${error.fault}` })
  }
  if (checked.value.result === 'not_reported') return err({ imei1: 'objection.not_blocked' })
  const { allowed } = await withinLimit('objection_address', address, now)
  const phone = parseImei(checked.value.imei)
  if (!allowed || !phone.ok) return err({ form: 'objection.too_often' })
  const { key, stored } = newCaseKey(randomUUID())
  const cookie = randomBuffer(32).toString('base64url')
  await draftTransaction(async (tx) => {
    const { caseId: id } = key
    await tx.caseKey.create({ data: { caseId: id, ...stored, createdAt: now }, select: { caseId: true } })
    const content: DraftContent = { answers: {}, codeSentTo: null }
    await tx.objection.create({
      data: {
        ...{ id, state: 'draft', cookieHash: hashCookie(cookie), locale, createdAt: now },
        ...{ imei: phone.value.imei, key14: phone.value.key, word: drawWord(randomBuffer), wordAt: now },
        number: objectionNumbers.draw(randomBuffer),
        sealed: seal(key, DRAFT_SEALED, content),
        dueAt: draftExpiry(now, env().RETAIN_DRAFT_DAYS),
      },
      select: { id: true },
    })
    const subject = { kind: 'objection', id } as const
    await audit(tx, { actor: { kind: 'citizen' }, act: 'objection.start', subject, at: now })
  })
  return ok(cookie)
}

const changeDraft = (cookie: string | null, change: Parameters<typeof saveDraft>[2], now: Instant) =>
  draftTransaction(async (tx) => {
    const draft = await lockDraft(tx, cookie, now)
    if (draft) await saveDraft(tx, draft, change)
    return draft !== null
  })

/** Draws a new code word if the photo was not taken in time; photos beside the earlier word no longer count. */
export const renewWord = (cookie: string | null, now: Instant): Promise<boolean> =>
  changeDraft(cookie, { word: drawWord(randomBuffer), wordAt: now }, now)

export const chooseInspection = (
  cookie: string | null,
  inspection: boolean,
  now: Instant,
): Promise<boolean> => changeDraft(cookie, { inspection }, now)

type PersonForm = Sender & { readonly cookie: string | null; readonly typed: DraftFields }

/**
 * Saves the holder's step and returns its faults. A faulty field is kept as typed. When the whole step is right, a new
 * contact is sent its code.
 */
export async function saveHolder(form: PersonForm): Promise<Result<Faults, 'not_found'>> {
  const { cookie, typed, locale, now } = form
  const sent = Object.fromEntries(
    HOLDER_FIELDS.map((field) => [field, (typed[field] ?? '').slice(0, TYPED_MAX)]),
  )
  const { value, answers, faults } = readHolder(sent, now, reachesPhones())
  const contact = value?.contact
  return draftTransaction(async (tx) => {
    const draft = await lockDraft(tx, cookie, now)
    if (draft === null) return err('not_found')
    const confirmed =
      contact !== undefined &&
      draft.contactHash !== null &&
      sameBytes(draft.contactHash, contactHash(contact))
    // No code is sent from a step with faults.
    const due = contact !== undefined && !confirmed && contact.value !== draft.content.codeSentTo
    const refusal = due ? await sendCode(tx, draft, contact, form) : null
    const field = contact?.kind === 'phone' ? 'contactPhone' : 'contactEmail'
    await saveDraft(tx, draft, {
      content: {
        answers: { ...draft.content.answers, ...sent, ...answers },
        codeSentTo: due && refusal === null ? contact.value : draft.content.codeSentTo,
      },
      locale,
      // A new contact must be confirmed again.
      ...(contact && !confirmed && { contactHash: null }),
    })
    return ok({ ...faults, ...(refusal && { [field]: `report.code.${refusal}` }) })
  })
}

const sendCode = (
  tx: Tx,
  { key, number }: ObjectionDraft,
  contact: Contact,
  { locale, address, now }: Sender,
) => sendConfirmation(tx, { key, template: 'code_confirm_objection', contact, locale, number, address, now })

/**
 * Checks the code sent to the contact, and tells the contact how long the draft is kept and where to continue. An already
 * confirmed contact needs neither.
 */
export const confirmHolder = (
  cookie: string | null,
  typed: string,
  now: Instant,
): Promise<Result<null, 'not_found' | ContactFault>> =>
  draftTransaction(async (tx) => {
    const draft = await lockDraft(tx, cookie, now)
    const progress = draft && (await readProgress(draft, now, tx))
    if (!draft || !progress?.holder) return err('not_found')
    if (progress.contactConfirmed) return ok(null)
    const { contact } = progress.holder
    const checked = await checkContact(tx, { caseId: draft.id, contact, typed, now })
    if (!checked.ok) return checked
    await saveDraft(tx, draft, { contactHash: checked.value })
    const { key, number, locale, dueAt } = draft
    const params = { number, until: dueAt.toISOString() }
    await notify(tx, { key, to: contact, template: 'draft_objection', locale, params, at: now })
    return ok(null)
  })

/** Sends another code, once per `submitKey`; earlier codes become void. */
export async function sendHolderCode({
  cookie,
  submitKey,
  ...sender
}: Omit<PersonForm, 'typed'> & { readonly submitKey: string }): Promise<
  Result<null, 'not_found' | 'too_many' | 'too_many_here'>
> {
  const another = async (tx: Tx): Promise<Result<true, 'not_found' | 'too_many' | 'too_many_here'>> => {
    const draft = await lockDraft(tx, cookie, sender.now)
    const holder = draft && (await readProgress(draft, sender.now, tx)).holder
    if (!draft || !holder) return err('not_found')
    const refusal = await sendCode(tx, draft, holder.contact, sender)
    if (refusal !== null) return err(refusal)
    await saveDraft(tx, draft, { content: { ...draft.content, codeSentTo: holder.contact.value } })
    return ok(true)
  }
  const done = await inDrafts(() => actOnce(submitKey, 'code.confirm_holder', sender.now, another))
  return done.ok ? ok(null) : done
}

interface Sending extends Omit<Sender, 'address'> {
  /** The key of the browser's draft, or of the objection that it has sent. */
  readonly cookie: string
  readonly consents: readonly (typeof HOLDER_CONSENTS)[number]['field'][]
}

type Sent = Result<
  { readonly id: string; readonly number: string },
  | { readonly kind: 'not_found' | 'changed' }
  | { readonly kind: 'incomplete'; readonly step: ObjectionStep }
  | { readonly kind: 'faults'; readonly faults: Faults }
>

/** Objections of one contact in 30 days, over all blocks: each takes time of police and of a reporter. */
const MOST_BY_CONTACT = 3
/** Attempts, because a carrier's answer may change the case while the objection is being sent. */
const TRIES = 3

/**
 * Sends an objection exactly once, also under repeated and concurrent requests. The case that blocks the phone is updated in the
 * same transaction; the holder learns nothing of that case.
 */
export async function sendObjection(sending: Sending): Promise<Sent> {
  const attempt = () =>
    inScope(systemScope(), () => runInTransaction((tx) => send(tx, sending))).catch((error: unknown) => {
      if (uniqueViolation(error) === null) throw error
      return faulty({ form: 'objection.open_already' })
    })
  for (let tried = 1; ; tried++) {
    const sent: Sent = await attempt()
    if (sent.ok || sent.error.kind !== 'changed' || tried === TRIES) return sent
  }
}

const faulty = (faults: Faults) => err({ kind: 'faults', faults } as const)

async function send(tx: Tx, s: Sending): Promise<Sent> {
  const draft = await lockDraft(tx, s.cookie, s.now)
  if (draft === null) {
    const before = await findSentObjection(s.cookie, s.now, tx)
    return before ? ok({ id: before.id, number: before.number }) : err({ kind: 'not_found' })
  }
  await lockEvidence(tx, draft.id)
  const { holder, ...progress } = await readProgress(draft, s.now, tx)
  const missing = firstMissing({ holder, ...progress })
  if (holder === null || draft.contactHash === null || missing !== 'review')
    return err({ kind: 'incomplete', step: missing })
  const unticked = HOLDER_CONSENTS.filter(({ field }) => !s.consents.includes(field))
  if (unticked.length > 0)
    return faulty(Object.fromEntries(unticked.map(({ field }) => [field, `objection.${field}`])))
  if ((await countSentSince(tx, draft.contactHash, addMilliseconds(s.now, -30 * DAY))) >= MOST_BY_CONTACT)
    return faulty({ form: 'objection.too_many' })
  const against = await lockBlockingCase(tx, draft.key14)
  if (against === null) return faulty({ form: 'objection.not_blocked' })
  const input = { caseId: against.id, version: against.version, move: 'objected' } as const
  const moved = await moveCase(tx, systemScope(), { kind: 'system' }, input, s.now)
  if (!moved.ok)
    return moved.error === 'changed' ? err({ kind: 'changed' }) : faulty({ form: 'objection.not_blocked' })
  await write(tx, draft, holder, against, s)
  return ok({ id: draft.id, number: draft.number })
}

const countSentSince = (tx: Tx, contactHash: Uint8Array<ArrayBuffer>, since: Instant): Promise<number> =>
  tx.objection.count({ where: { contactHash, sentAt: { gt: since } } })

async function write(
  tx: Tx,
  draft: ObjectionDraft,
  holder: ReportedParticulars,
  against: { readonly id: string; readonly unitId: string },
  { cookie, locale, now: at }: Sending,
): Promise<void> {
  const { key, number, id, inspection } = draft
  const secret = newCaseSecret(randomBuffer)
  await tx.objection.update({
    where: { id },
    data: {
      ...{ state: 'open', waiting: true, locale, againstId: against.id, unitId: against.unitId, sentAt: at },
      sealed: seal(key, SEALED, holder),
      secretHash: keyedHash('objection-secret', secret),
      receiptSealed: sealForCookie(cookie, receiptPlace(id), secret),
      dueAt: objectionDue(await readObjectionCalendar(at, tx)),
    },
    select: { id: true },
  })
  const consents = HOLDER_CONSENTS.map(({ purpose, version }) => ({ caseId: id, purpose, version, at }))
  await deferInsert(tx, 'consents', consents)
  await addObjectionEvent(tx, key, {
    ...{ seq: 1, at, move: 'submitted', actorKind: 'citizen', reasonCode: null, words: {} },
    ...{ actorId: null, actorRole: null, actorUnitId: null },
  })
  await audit(tx, {
    actor: { kind: 'citizen' },
    act: 'objection.submit',
    subject: { kind: 'objection', id },
    caseId: against.id,
    facts: { number, inspection },
    at,
  })
  const to = holder.contact
  await notify(tx, { key, to, template: 'objection_submitted', locale, params: { number }, at })
}
