import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { actAsCitizen } from '#features/cases/citizen/acts.ts'
import { caseForCitizen, keyForAct } from '#features/cases/citizen/data.ts'
import { casesAmong } from '#features/cases/imeis/data.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { checkCodeSentTo, countAsk, sendContactCode } from '#features/contact-codes/acts.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { askForCode, type CodeAttempt, formKey, tryCode } from '#features/drafts/acts.ts'
import { cookieOf } from '#features/drafts/data.ts'
import { copyEvidence } from '#features/evidence/files/acts.ts'
import { type NoticeTemplate, notify } from '#features/notices/acts.ts'
import { endDevicesBefore } from '#features/push/acts.ts'
import { draftForEvidence, reportContext } from '#features/reporting/drafts/page-data.ts'
import { writeDraft } from '#features/reporting/drafts/start-acts.ts'
import type { Faults } from '#features/reporting/fields/reader-rules.ts'
import { fieldsOfStep } from '#features/reporting/fields/rules.ts'
import { type Sending, sendReport } from '#features/reporting/sending/acts.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import { readStep } from '#features/reporting/steps/report-rules.ts'
import { citizenScope, type PhonesScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { newCaseKey, seal } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import {
  actOnce,
  actOnceWithSecret,
  keyFor,
  onceWithin,
  RESEND_WINDOW,
} from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { enqueue, type JobData } from '#platform/queue.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { reachesPhones } from '#platform/sms.ts'
import { tellContacts } from '../registrants/acts.ts'
import { findRegistrant, inPhones, lockRegistrant } from '../registrants/data.ts'
import { isSameContact } from '../registrants/rules.ts'
import { answersFrom, noteOf, onPhone, tell } from '../registrations/acts.ts'
import { findPhone, lockPhone, savePhone } from '../registrations/data.ts'
import { lockOwnTrust, lockTrusted, newestTrust, type Trusted, trustedBy } from './data.ts'
import {
  CONSENTS_BEFOREHAND,
  contactsFor,
  isUndoable,
  MOST_TRUSTED,
  readTrusted,
  type SentFor,
  TRUST_CONSENT,
  TRUSTED_PLACE,
  type TrustedContent,
  undoUntil,
} from './rules.ts'

interface Form {
  readonly submitKey: string
  readonly now: Instant
}

const note = (
  tx: Tx,
  id: string,
  act: `registrant.${'ask' | 'accept' | 'confirm' | 'end' | 'leave'}_trusted`,
  at: Instant,
) => audit(tx, { actor: { kind: 'citizen' }, act, subject: { kind: 'registrant', id }, at })

/** Tells every contact of an owner about a person whom they have named. */
async function tellOwner(
  tx: Tx,
  { registrantId, name }: Pick<Trusted, 'registrantId' | 'name'>,
  template: Extract<NoticeTemplate, `phones_trusted_${string}`>,
  at: Instant,
): Promise<void> {
  const owner = await findRegistrant(registrantId, tx)
  if (owner) await tellContacts(tx, owner, template, at, { contact: name })
}

/**
 * Names a person who may report for this owner, and asks them by a message. It names nobody, because
 * strangers could write the name.
 */
export const askTrusted = (
  scope: PhonesScope,
  {
    typed,
    locale,
    address,
    submitKey,
    now,
  }: Form & {
    readonly typed: Readonly<Record<string, string>>
    readonly locale: 'vi' | 'en'
    readonly address: string
  },
): Promise<Result<true, Faults>> =>
  inPhones(() =>
    actOnce<true, Faults>(
      keyFor(submitKey, scope.registrantId),
      'registrant.ask_trusted',
      now,
      async (tx) => {
        const { value, faults } = readTrusted(typed)
        if (value === null) return err(faults)
        const { contact } = value
        const refuse = (fault: string) => err({ trustedContact: fault })
        if (contact.kind === 'phone' && !reachesPhones()) return refuse('report.resume.no_sms')
        const registrant = await lockRegistrant(tx, scope)
        if (registrant === null) return err({ form: 'phones.not_found' })
        const named = await trustedBy(scope, tx)
        if (registrant.contacts.some((one) => isSameContact(one, contact)))
          return refuse('phones.trusted_own')
        if (named.some((one) => isSameContact(one.contact, contact))) return refuse('phones.trusted_same')
        if (named.length >= MOST_TRUSTED) return err({ form: 'phones.trusted_full' })
        if (!(await withinLimit('code_address', address, now)).allowed) return refuse('report.resume.limit')
        const ownId = registrant.id
        if (!(await countAsk(tx, { about: contact, purpose: 'report_for', address, ownId, now })))
          return refuse('report.resume.limit')
        const id = randomUUID()
        const { key, stored } = newCaseKey(id)
        await tx.caseKey.create({ data: { caseId: id, ...stored, createdAt: now }, select: { caseId: true } })
        const sealed = seal(key, TRUSTED_PLACE, value satisfies TrustedContent)
        const row = { id, registrantId: registrant.id, contactHash: contactHash(contact), sealed }
        await tx.trustedPerson.create({ data: { ...row, askedAt: now }, select: { id: true } })
        await notify(tx, {
          ...{ key, to: contact, template: 'helping_asked', locale, at: now },
          params: { number: '' },
        })
        await note(tx, registrant.id, 'registrant.ask_trusted', now)
        return ok(true)
      },
    ),
  )

/** Confirms a person who has accepted: from now on they may report. Every contact of the owner is told. */
export const confirmTrusted = (
  scope: PhonesScope,
  { id, consented, submitKey, now }: Form & { readonly id: string; readonly consented: boolean },
): Promise<Result<true, 'gone' | 'trusted_consent'>> =>
  inPhones(() =>
    actOnce<true, 'gone' | 'trusted_consent'>(
      keyFor(submitKey, id),
      'registrant.confirm_trusted',
      now,
      async (tx) => {
        const trusted = await lockTrusted(tx, scope, id)
        if (trusted?.acceptedAt == null) return err('gone')
        if (trusted.confirmedAt !== null) return ok(true)
        if (!consented) return err('trusted_consent')
        await tx.trustedPerson.update({ where: { id }, data: { confirmedAt: now }, select: { id: true } })
        await tx.consent.createMany({
          data: [{ caseId: id, ...TRUST_CONSENT, at: now }],
          skipDuplicates: true,
        })
        const { key, contact: to } = trusted
        const owner = await findRegistrant(trusted.registrantId, tx)
        const locale = owner?.locale ?? 'vi'
        await notify(tx, { key, to, template: 'helping_confirmed', locale, params: { number: '' }, at: now })
        await tellOwner(tx, trusted, 'phones_trusted_confirmed', now)
        await note(tx, trusted.registrantId, 'registrant.confirm_trusted', now)
        return ok(true)
      },
    ),
  )

/** Removes a trusted person at the owner's request, with all their data. If they are already gone, this is no fault. */
export const endTrusted = (scope: PhonesScope, id: string, now: Instant): Promise<boolean> =>
  inPhones(() =>
    transaction(async (tx) => {
      const trusted = await lockTrusted(tx, scope, id)
      if (trusted === null) return false
      await eraseTrusted(tx, [id], now)
      await note(tx, trusted.registrantId, 'registrant.end_trusted', now)
      return true
    }),
  )

/** Deletes trusted persons with their keys: nothing of them can be read afterwards. */
export async function eraseTrusted(tx: Tx, ids: readonly string[], now: Instant): Promise<void> {
  await tx.caseKey.deleteMany({ where: { caseId: { in: [...ids] }, case: null } })
  await noteErased(tx, 'trusted', ids, now)
}

/**
 * Requests a code for a contact; a job sends it if an owner has named that contact. The answer and the work
 * are the same if nobody has.
 */
export const askToHelp = ({
  contact,
  locale,
  asker,
  ...attempt
}: CodeAttempt & { readonly contact: Contact; readonly locale: 'vi' | 'en' }) =>
  askForCode('code.report_for', { about: contact, purpose: 'report_for' }, attempt, (tx) =>
    enqueue(tx, 'trusted-code', { contact: writeContactHash(contact), locale, asker }),
  )

/** Runs the job `trusted-code`: sends a code to a contact that an owner has named. */
export const sendTrustedCode = (
  { contact: hash, locale, asker = null }: JobData['trusted-code'],
  now: Instant,
): Promise<void> =>
  inPhones(() =>
    transaction(async (tx) => {
      const trusted = await newestTrust(tx, Buffer.from(hash, 'hex'))
      if (trusted === null) return
      const { key, contact } = trusted
      await sendContactCode(tx, { key, purpose: 'report_for', contact, asker, locale, number: '', now })
    }),
  )

/** Checks the code of a contact. A contact that nobody has named gets the same answer as a wrong code. */
export const enterHelping = ({
  contact,
  code,
  asker,
  submitKey,
  now,
  address,
}: CodeAttempt & { readonly contact: Contact; readonly code: Code }): Promise<
  Result<true, 'wrong' | 'limit'>
> =>
  tryCode({ address, now }, () =>
    inPhones(() =>
      actOnce<true, 'wrong'>(
        formKey(submitKey, contact, code),
        'registrant.help',
        now,
        async (tx) => {
          const checked = await checkCodeSentTo(tx, { contact, purpose: 'report_for', code, asker, now })
          return checked.ok ? ok(true) : err('wrong')
        },
        RESEND_WINDOW,
      ),
    ),
  )

/** Accepts the role of an owner's trusted person, by the person's own contact; the owner is told and must confirm. */
export const acceptTrust = (contact: Contact, id: string, now: Instant): Promise<boolean> =>
  inPhones(() =>
    transaction(async (tx) => {
      const trusted = await lockOwnTrust(tx, contact, id)
      if (trusted === null) return false
      if (trusted.acceptedAt !== null) return true
      await tx.trustedPerson.update({ where: { id }, data: { acceptedAt: now }, select: { id: true } })
      await tellOwner(tx, trusted, 'phones_trusted_accepted', now)
      await note(tx, trusted.registrantId, 'registrant.accept_trusted', now)
      return true
    }),
  )

/** Declines or ends the role of an owner's trusted person; the owner is told. */
export const leaveTrust = (contact: Contact, id: string, now: Instant): Promise<boolean> =>
  inPhones(() =>
    transaction(async (tx) => {
      const trusted = await lockOwnTrust(tx, contact, id)
      if (trusted === null) return false
      await tellOwner(tx, trusted, 'phones_trusted_left', now)
      await eraseTrusted(tx, [id], now)
      await note(tx, trusted.registrantId, 'registrant.leave_trusted', now)
      return true
    }),
  )

export interface HelpForm extends Form {
  readonly trustedId: string
  readonly phoneId: string
  readonly typed: Readonly<Record<string, string>>
  readonly address: string
}

/**
 * `kept`: something is missing that only the owner can give, and the owner was told where. `reported`: it was already reported.
 */
type Helped = 'sent' | 'kept' | 'reported'

/**
 * Reports an owner's phone for them: the incident comes from the trusted person, everything else from the list. The case is the
 * owner's: messages go to their contacts, its secret code to their list, and they can undo it for a day.
 */
export async function reportFor(
  contact: Contact,
  { trustedId, phoneId, typed, address, submitKey, now }: HelpForm,
): Promise<Result<Helped, Faults>> {
  const asked = Object.fromEntries(fieldsOfStep('incident').map((field) => [field, typed[field] ?? '']))
  const { answers, faults: wrong } = readStep('incident', asked, await reportContext(now))
  const faults = { ...wrong, ...(phoneId === '' && { phone: 'phones.trusted_phone' }) }
  if (Object.keys(faults).length > 0) return err(faults)
  const key = keyFor(submitKey, trustedId, phoneId)
  const begun = await inPhones(() =>
    actOnceWithSecret(
      key,
      'registration.report_for',
      now,
      async (tx, secret): Promise<Result<null, Faults | 'reported'>> => {
        const trusted = await lockOwnTrust(tx, contact, trustedId)
        const phone = trusted && (await lockPhone(tx, trusted, phoneId))
        const owner = phone && (await lockRegistrant(tx, trusted))
        const contacts = owner && contactsFor(owner.contacts, phone.content.msisdn)
        if (!trusted?.confirmedAt || phone?.state !== 'registered' || !owner || !contacts)
          return err({ form: 'phones.gone' })
        const [earlier] = phone.reportId === null ? [] : await casesAmong([phone.reportId], tx)
        if (earlier?.active) return err('reported')
        if (!(await withinLimit('draft_address', address, now)).allowed) return err({ form: 'report.limit' })
        const { caseId } = await writeDraft(tx, cookieOf(secret), {
          ...{ locale: owner.locale, contacts, now },
          answers: { ...answersFrom(phone, owner.person, contacts), ...answers },
        })
        await tx.registeredPhone.update({
          where: { id: phoneId },
          data: { reportId: caseId },
          select: { id: true },
        })
        await endDevicesBefore(tx, owner.id, now, now)
        await noteOf(tx, phone, 'registration.report_for', now)
        return ok(null)
      },
    ),
  )
  if (!begun.ok) return begun.error === 'reported' ? ok('reported') : err(begun.error)
  return send(cookieOf(begun.value), contact, { trustedId, phoneId, submitKey, now })
}

async function send(
  cookie: string,
  contact: Contact,
  { trustedId, phoneId, submitKey, now }: Pick<HelpForm, 'trustedId' | 'phoneId' | 'submitKey' | 'now'>,
): Promise<Result<Helped, Faults>> {
  const draft = await draftForEvidence({ value: cookie, officerId: null }, now)
  if (draft !== null)
    await copyEvidence(phoneId, draft.key, submitKey, now).catch((error: unknown) =>
      log().error({ err: error, registration: phoneId }, 'papers of a registered phone could not be copied'),
    )
  const [trusted, owner] = await inPhones(() =>
    transaction(async (tx) => {
      const found = await lockOwnTrust(tx, contact, trustedId)
      return [found, found && (await findRegistrant(found.registrantId, tx))] as const
    }),
  )
  if (!trusted || !owner) return err({ form: 'phones.gone' })
  const sentFor: Sending['sentFor'] = {
    by: { name: trusted.name, contact: trusted.contact },
    consents: CONSENTS_BEFOREHAND,
    async also(tx, made) {
      const phone = await lockPhone(tx, trusted, phoneId)
      if (phone === null) return
      const { id, name } = trusted
      const sent: SentFor = { ...made, by: { id, name }, at: now.toISOString() }
      await savePhone(tx, phone, { ...phone.content, sentFor: sent })
      const until = undoUntil(sent).toISOString()
      await tell(tx, owner, 'phones_helped', phone.content, now, { contact: name, until })
    },
  }
  const sent = await sendReport({
    ...{ cookie, officer: null, identity: null, locale: owner.locale === 'en' ? 'en' : 'vi', now, sentFor },
    consents: CONSENTS.filter(({ required }) => required).map(({ field }) => field),
  })
  if (sent.ok) return ok('ledTo' in sent.value ? 'reported' : 'sent')
  if (sent.error.kind === 'not_found') return err({ form: 'phones.gone' })
  await inPhones(() =>
    transaction(async (tx) => {
      const phone = await lockPhone(tx, trusted, phoneId)
      if (phone !== null)
        await onceWithin(tx, keyFor(submitKey, 'kept', phoneId), 'registration.help_kept', now, () =>
          tell(tx, owner, 'phones_helped_kept', phone.content, now, { contact: trusted.name }),
        )
    }),
  )
  return ok('kept')
}

/**
 * Undoes a report that a trusted person has sent, within a day, with the code that opened the list: the case is withdrawn, and
 * that person may not report again until the owner confirms them again.
 */
export async function undoReport(
  scope: PhonesScope,
  form: Form & { readonly phoneId: string },
): Promise<Result<true, 'not_found' | 'undo_over'>> {
  const { phoneId, submitKey, now } = form
  const found = await findPhone(scope, phoneId)
  const sent = found?.content.sentFor
  if (!sent) return err('not_found')
  if (sent.undoneAt !== undefined) return ok(true)
  if (!isUndoable(sent, now)) return err('undo_over')
  const own = citizenScope(sent.caseId, 'full')
  const [view, key] = await Promise.all([caseForCitizen(own, sent.caseId), keyForAct(own, sent.caseId)])
  if (view === null || key === null) return err('not_found')
  const withdrawn = await actAsCitizen(
    own,
    {
      ...{ act: 'withdraw', message: '', key, kind: 'other', files: [] },
      ...{ version: view.snapshot.version, submitKey: keyFor(submitKey, 'withdraw') },
    },
    now,
  )
  // The owner may have withdrawn it by its secret already.
  if (!withdrawn.ok && withdrawn.error !== 'withdrawal_running') return err('undo_over')
  return onPhone<true, never>(scope, form, 'registration.undo_report', async (tx, phone) => {
    await savePhone(tx, phone, {
      ...phone.content,
      sentFor: { ...sent, undoneAt: now.toISOString() },
    })
    await tx.trustedPerson.updateMany({
      where: { id: sent.by.id, registrantId: scope.registrantId },
      data: { confirmedAt: null },
    })
    await noteOf(tx, phone, 'registration.undo_report', now)
    return ok(true)
  })
}
