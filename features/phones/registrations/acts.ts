import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { writeContact } from '#features/cases/contacts/rules.ts'
import { casesAmong } from '#features/cases/imeis/data.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { cookieOf } from '#features/drafts/data.ts'
import { copyEvidence, removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { askQuestion } from '#features/exchange/questions/acts.ts'
import { carriersToAsk, closeQuestions, findAnswersTo } from '#features/exchange/questions/data.ts'
import { deviceOf } from '#features/lookup-tables/data.ts'
import type { NoticeTemplate } from '#features/notices/acts.ts'
import { endDevicesBefore } from '#features/push/acts.ts'
import { writeDraft } from '#features/reporting/drafts/start-acts.ts'
import type { DraftFields } from '#features/reporting/fields/reader-rules.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { carrierHint, formatMobile, type Msisdn } from '#lib/person/phone-number.ts'
import { cleanText } from '#lib/person/text.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, newCaseKey, sameBytes, seal } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, actOnceWithSecret, keyFor } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { tellContacts } from '../registrants/acts.ts'
import { inPhones, lockRegistrant, type Registrant, saveRegistrant } from '../registrants/data.ts'
import { contestPlace, findPhone, insertPhone, lockPhone, type RegisteredPhone, savePhone } from './data.ts'
import {
  carriersToConfirm,
  endsOf,
  isOfNumbers,
  nameOf,
  PHONE_CONSENTS,
  type PhoneContent,
  readRegistration,
} from './rules.ts'

interface Form {
  readonly phoneId: string
  readonly submitKey: string
  readonly now: Instant
}

/** Phones of one list: enough for a family. */
const MOST_PHONES = 12

/** Tells every contact of a list about one of its phones. */
export function tell(
  tx: Tx,
  registrant: Registrant,
  template: Extract<NoticeTemplate, `phones_${string}`>,
  content: PhoneContent,
  at: Instant,
  params: { readonly until?: string; readonly contact?: string } = {},
): Promise<void> {
  const phone = [nameOf(content), ...endsOf(content).slice(0, 2)].filter((part) => part !== '').join(' · ')
  return tellContacts(tx, registrant, template, at, { phone, ...params })
}

export const noteOf = (
  tx: Tx,
  { id }: { readonly id: string },
  act: Extract<AuditAct, `registration.${string}`>,
  at: Instant,
  facts: Readonly<Record<string, string | number | boolean | null>> = {},
) => audit(tx, { actor: { kind: 'citizen' }, act, subject: { kind: 'registration', id }, facts, at })

/** Locks a phone of this list and runs one act on it, once per form. */
export const onPhone = <T extends string | true, E>(
  scope: PhonesScope,
  { phoneId, submitKey, now }: Form,
  act: string,
  work: (tx: Tx, phone: RegisteredPhone) => Promise<Result<T, E>>,
): Promise<Result<T, E | 'not_found'>> =>
  inPhones(() =>
    actOnce<T, E | 'not_found'>(keyFor(submitKey, phoneId), act, now, async (tx) => {
      const phone = await lockPhone(tx, scope, phoneId)
      return phone === null ? err('not_found') : work(tx, phone)
    }),
  )

/** Begins the registration of a phone, so that its photo can be stored; returns its id. */
export const beginPhone = (
  scope: PhonesScope,
  submitKey: string,
  now: Instant,
): Promise<Result<string, 'not_found' | 'too_many'>> =>
  inPhones(() =>
    actOnce<string, 'not_found' | 'too_many'>(submitKey, 'registration.begin', now, async (tx) => {
      if ((await lockRegistrant(tx, scope)) === null) return err('not_found')
      const { registrantId } = scope
      if ((await tx.registeredPhone.count({ where: { registrantId } })) >= MOST_PHONES) return err('too_many')
      const made = newCaseKey(randomUUID())
      await insertPhone(tx, { ...made, registrantId, now })
      return ok(made.key.caseId)
    }),
  )

/** Registers a phone or saves its changes. The faults are keys of messages' `faults`, by field. */
export async function registerPhone(
  scope: PhonesScope,
  {
    typed,
    consents,
    ...form
  }: Form & { readonly typed: Readonly<Record<string, string>>; readonly consents: readonly string[] },
): Promise<Result<true, 'not_found' | Readonly<Record<string, string>>>> {
  const { now } = form
  const { value, faults } = readRegistration(typed, now)
  return onPhone<true, 'not_found' | Readonly<Record<string, string>>>(
    scope,
    form,
    'registration.register',
    async (tx, phone) => {
      const isNew = phone.state === 'begun'
      if (phone.state !== 'registered' && !isNew) return err('not_found')
      const missing = isNew && !consents.includes('consentRegistration')
      if (value === null || missing)
        return err({ ...faults, ...(missing && { consentRegistration: 'phones.consent' }) })
      const { imeis, content, person } = value
      const [first] = imeis
      const device = first ? await deviceOf(first.tac, tx) : null
      const numbers = imeis.map(({ imei }) => imei)
      // Another number is another phone, registered from now on; a carrier's answer was about the previous one.
      const isOther = numbers.toSorted().join() !== phone.content.imeis.toSorted().join()
      // The hand-over paper names the number.
      if (isOther && phone.content.otherSides) return err({ imei1: 'phones.has_paper' })
      const anew = isOther || content.msisdn !== phone.content.msisdn
      if (anew) await closeQuestions(tx, phone.id)
      await savePhone(
        tx,
        phone,
        {
          ...{ ...phone.content, ...content, imeis: numbers },
          device: device && { manufacturer: device.manufacturer, model: device.model },
          ...(anew && { numbersSince: now.toISOString() }),
        },
        isOther ? now : undefined,
      )
      if (person !== null) {
        const registrant = await lockRegistrant(tx, scope)
        if (registrant) await saveRegistrant(tx, registrant, { contacts: registrant.contacts, person })
      }
      await tx.consent.createMany({
        data: PHONE_CONSENTS.filter(({ field }) => consents.includes(field)).map(({ purpose, version }) => ({
          ...{ caseId: phone.id, purpose, version, at: now },
        })),
        skipDuplicates: true,
      })
      await noteOf(tx, phone, isNew ? 'registration.register' : 'registration.change', now, {
        numbers: numbers.length,
        anew,
      })
      return ok(true)
    },
  )
}

/** Answers the yearly question: the holder still has the phone. A lapsed registration becomes active again. */
export const keepPhone = (scope: PhonesScope, form: Form) =>
  onPhone(scope, form, 'registration.keep', async (tx, phone): Promise<Result<true, 'not_open'>> => {
    if (phone.state !== 'registered' && phone.state !== 'lapsed') return err('not_open')
    const data = { state: 'registered', keptAt: form.now, askedAt: null, endedAt: null } as const
    await tx.registeredPhone.update({ where: { id: phone.id }, data, select: { id: true } })
    await noteOf(tx, phone, 'registration.keep', form.now)
    return ok(true)
  })

/** Removes a phone at once, with its papers and its key. A report made from it continues. */
export async function removePhone(scope: PhonesScope, phoneId: string, now: Instant): Promise<boolean> {
  const files = await inPhones(() =>
    transaction(async (tx) => {
      const phone = await lockPhone(tx, scope, phoneId)
      if (phone === null) return null
      await noteOf(tx, phone, 'registration.remove', now)
      return erasePhones(tx, [phoneId], now)
    }),
  )
  if (files === null) return false
  await removeEvidenceFiles(files)
  return true
}

/** Deletes phones with their keys; returns the files that the caller must remove afterwards. */
export async function erasePhones(tx: Tx, ids: readonly string[], now: Instant): Promise<string[]> {
  const of = { caseId: { in: [...ids] } }
  const files = await tx.evidence.findMany({ where: of, select: { id: true } })
  await tx.caseKey.deleteMany({ where: { ...of, case: null } })
  await noteErased(tx, 'registration', ids, now)
  return files.map(({ id }) => id)
}

/**
 * Asks a carrier whether the SIM was in the phone, with the holder's consent. Only for a number that has answered a code of this
 * list: nobody may learn where another person's number was.
 */
export const askCarrier = (
  scope: PhonesScope,
  { consented, ...form }: Form & { readonly consented: boolean },
) =>
  onPhone(scope, form, 'registration.ask_carrier', async (tx, phone) => {
    const { now } = form
    const { msisdn, imeis } = phone.content
    if (phone.state !== 'registered') return err('not_open')
    const registrant = await lockRegistrant(tx, scope)
    if (msisdn === null || !registrant?.contacts.some(({ value }) => value === msisdn))
      return err('not_yours')
    const purpose = 'registration_sim'
    const given = await tx.consent.count({ where: { caseId: phone.id, purpose, withdrawnAt: null } })
    if (given === 0 && !consented) return err('no_consent')
    if (given === 0) {
      const version = PHONE_CONSENTS.find((one) => one.purpose === purpose)?.version ?? ''
      await tx.consent.createMany({
        data: [{ caseId: phone.id, purpose, version, at: now }],
        skipDuplicates: true,
      })
    }
    const askable = (await carriersToAsk()).map(({ id }) => id)
    const asked = (await findAnswersTo([phone.id], tx)).filter(({ askedAt }) =>
      isOfNumbers(phone.content, askedAt),
    )
    const carriers = carriersToConfirm(asked, carrierHint(msisdn as Msisdn), askable)
    const [imei] = imeis
    if (carriers.length === 0 || imei === undefined) return err('nobody_to_ask')
    for (const carrierId of carriers)
      await askQuestion(
        tx,
        { kind: 'citizen' },
        {
          ...{ key: phone.key, carrierId, msisdn, about: { kind: 'number_in_imei', imei } },
          ...{ at: now, subject: 'registration' },
        },
      )
    return ok(true)
  })

/** Returns a registration as answers of a report draft. */
export function answersFrom(
  { content }: RegisteredPhone,
  person: { readonly fullName: string; readonly idKind: string; readonly nationalId: string } | null,
  contacts: readonly Contact[],
): DraftFields {
  const numbers = content.imeis.map((imei, at) => [`imei${at + 1}`, formatImei(imei)])
  const written = (kind: Contact['kind']) => {
    const contact = contacts.find((one) => one.kind === kind)
    return contact === undefined ? '' : writeContact(contact)
  }
  return {
    ...Object.fromEntries(numbers),
    ...{
      contactEmail: written('email'),
      contactEmailAsked: written('email'),
      contactPhone: written('phone'),
    },
    phoneNumber1: content.msisdn === null ? '' : formatMobile(content.msisdn as Msisdn),
    colour: content.colour,
    ...person,
  }
}

/**
 * Makes a report draft from a registered phone, with contact, phone, person and papers; only the incident is left to answer.
 * The contact has just answered its code. Returns the key of the browser's draft. `reported`: the number of the active case
 * that was already made from it.
 */
export async function reportPhone(
  scope: PhonesScope,
  { locale, address, ...form }: Form & { readonly locale: 'vi' | 'en'; readonly address: string },
): Promise<Result<string, 'not_found' | 'limit' | { readonly reported: string }>> {
  const { phoneId, submitKey, now } = form
  type Refusal = 'not_found' | 'limit' | { readonly reported: string }
  const made: { key?: CaseKey } = {}
  const work = async (tx: Tx, secret: Buffer): Promise<Result<null, Refusal>> => {
    const phone = await lockPhone(tx, scope, phoneId)
    const registrant = await lockRegistrant(tx, scope)
    // The contact whose code this browser has just entered.
    const contact = registrant?.contacts.find((one) => sameBytes(contactHash(one), scope.openedBy))
    if (!phone || !registrant || !contact || (phone.state !== 'registered' && phone.state !== 'handed_over'))
      return err('not_found')
    const [earlier] = phone.reportId === null ? [] : await casesAmong([phone.reportId], tx)
    if (earlier?.active) return err({ reported: earlier.number })
    if (!(await withinLimit('draft_address', address, now)).allowed) return err('limit')
    const answers = answersFrom(phone, registrant.person, [contact])
    made.key = await writeDraft(tx, cookieOf(secret), { locale, answers, contacts: [contact], now })
    const data = { reportId: made.key.caseId }
    await tx.registeredPhone.update({ where: { id: phone.id }, data, select: { id: true } })
    await endDevicesBefore(tx, registrant.id, now, now)
    await noteOf(tx, phone, 'registration.report', now)
    return ok(null)
  }
  const key = keyFor(submitKey, phoneId)
  const begun = await inPhones(() => actOnceWithSecret(key, 'registration.report', now, work))
  if (!begun.ok) return begun
  // The report works without the papers too, and says that they are missing.
  if (made.key)
    await copyEvidence(phoneId, made.key, submitKey, now).catch((error: unknown) =>
      log().error({ err: error, registration: phoneId }, 'papers of a registered phone could not be copied'),
    )
  return ok(cookieOf(begun.value))
}

/** Stores a registrant's objection to somebody else's report of their phone; police who have the report read it. */
export const contestReport = (scope: PhonesScope, { words, ...form }: Form & { readonly words: string }) =>
  onPhone<true, 'not_open' | 'too_long'>(scope, form, 'registration.contest', async (tx, phone) => {
    const text = cleanText(words, 2_000)
    if (!text.ok) return text
    const told = await tx.phoneWarning.findMany({
      where: { phoneId: phone.id, contestedAt: null },
      select: { caseId: true },
    })
    const open = (
      await casesAmong(
        told.map(({ caseId }) => caseId),
        tx,
      )
    ).filter(({ active }) => active)
    if (phone.state !== 'registered' || open.length === 0) return err('not_open')
    for (const { id: caseId } of open) {
      const sealed =
        text.value.trim() === '' ? null : seal(phone.key, contestPlace(caseId), text.value.trim())
      await tx.phoneWarning.update({
        where: { phoneId_caseId: { phoneId: phone.id, caseId } },
        data: { contestedAt: form.now, sealed },
        select: { caseId: true },
      })
      await audit(tx, {
        ...{ actor: { kind: 'citizen' }, act: 'registration.contest', caseId, at: form.now },
        subject: { kind: 'registration', id: phone.id },
      })
    }
    return ok(true)
  })

/** Returns the id and key of a phone of this list that takes files; null otherwise. */
export async function phoneForEvidence(scope: PhonesScope, phoneId: string) {
  const phone = await findPhone(scope, phoneId)
  const takes = phone && (phone.state === 'begun' || phone.state === 'registered')
  return takes ? { id: phone.id, key: phone.key } : null
}
