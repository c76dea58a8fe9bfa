import { randomUUID } from 'node:crypto'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { REGISTRANT_PLACE, type RegistrantContent } from '#features/phones/registrants/rules.ts'
import {
  IMEI_HASH,
  PHONE_CONSENTS,
  PHONE_PLACE,
  type PhoneContent,
} from '#features/phones/registrations/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { keyedHash, newCaseKey, seal } from '#platform/crypto.ts'
import { imeiOf, MODELS, type Model } from './phones.ts'
import { contactOf, type Story } from './story.ts'

/** The visitor's contact: a visitor may sign in with it, because the code arrives in the outbox. */
const VISITOR: Contact = { kind: 'email', value: 'may-cua-toi@demo.example' }

export interface RegisteredRows {
  readonly keys: Prisma.CaseKeyCreateManyInput[]
  readonly registrants: Prisma.RegistrantCreateManyInput[]
  readonly contacts: Prisma.RegistrantContactCreateManyInput[]
  readonly phones: Prisma.RegisteredPhoneCreateManyInput[]
  readonly imeis: Prisma.RegisteredImeiCreateManyInput[]
  readonly consents: Prisma.ConsentCreateManyInput[]
}

/** Makes lists of phones: a visitor's list, and lists of some people who have reported their phones since. */
export function makeRegistered(stories: readonly Story[], now: Instant): RegisteredRows {
  const rows: RegisteredRows = {
    ...{ keys: [], registrants: [], contacts: [], phones: [], imeis: [], consents: [] },
  }
  const [own = MODELS[0] as Model, mothers = own] = [MODELS[0], MODELS[5]]
  const list = addList(rows, VISITOR, addMilliseconds(now, -400 * DAY))
  addPhone(rows, list, {
    ...{ model: own, imeis: [imeiOf(own, 900), imeiOf(own, 901)], name: '', colour: 'Đen', sim: null },
    since: addMilliseconds(now, -260 * DAY),
  })
  addPhone(rows, list, {
    ...{ model: mothers, imeis: [imeiOf(mothers, 902)], name: 'Máy của mẹ', colour: 'Hồng', sim: null },
    // Registered a year ago, and asked since.
    since: addMilliseconds(now, -370 * DAY),
    askedAt: addMilliseconds(now, -5 * DAY),
  })
  for (const story of stories.filter(({ imeis, contests }) => imeis.length > 0 && !contests).slice(-3)) {
    const since = addMilliseconds(story.submittedAt, -240 * DAY)
    const contact: Contact = { kind: 'email', value: contactOf(story) }
    const { phone: model, imeis, colour } = story
    addPhone(rows, addList(rows, contact, since), { model, imeis, name: '', colour, sim: null, since })
  }
  return rows
}

function addList(rows: RegisteredRows, contact: Contact, since: Instant): string {
  const { key, stored } = newCaseKey(randomUUID())
  const content: RegistrantContent = { contacts: [contact], person: null }
  rows.keys.push({ caseId: key.caseId, ...stored, createdAt: since })
  rows.registrants.push({
    ...{ id: key.caseId, locale: 'vi', createdAt: since },
    sealed: seal(key, REGISTRANT_PLACE, content),
  })
  const hash = keyedHash('contact', `${contact.kind}:${contact.value.toLowerCase()}`)
  rows.contacts.push({ hash, registrantId: key.caseId })
  return key.caseId
}

function addPhone(
  rows: RegisteredRows,
  registrantId: string,
  phone: {
    readonly model: Model
    readonly imeis: readonly string[]
    readonly name: string
    readonly colour: string
    readonly sim: string | null
    readonly since: Instant
    readonly askedAt?: Instant
  },
): void {
  const { model, imeis, name, colour, sim: msisdn, since, askedAt } = phone
  const { key, stored } = newCaseKey(randomUUID())
  const id = key.caseId
  const device = { manufacturer: model.brand, model: model.model }
  const content: PhoneContent = { imeis, msisdn, name, colour, bought: '', device }
  rows.keys.push({ caseId: id, ...stored, createdAt: since })
  rows.phones.push({
    ...{ id, registrantId, state: 'registered', createdAt: since, registeredAt: since, keptAt: since },
    ...(askedAt && { askedAt }),
    sealed: seal(key, PHONE_PLACE, content),
  })
  for (const imei of imeis) rows.imeis.push({ hash: keyedHash(IMEI_HASH, imei.slice(0, 14)), phoneId: id })
  for (const { purpose, version, required } of PHONE_CONSENTS)
    if (required) rows.consents.push({ caseId: id, purpose, version, at: since })
}
