import type { BlockReason } from '#features/exchange/orders/rules.ts'
import { type Imei, type ImeiFault, MAX_IMEIS, parseImei } from '#lib/imei/imei.ts'
import { parseEmail } from '#lib/person/email.ts'
import { parseName } from '#lib/person/name.ts'
import { type IdKind, parseNationalId } from '#lib/person/national-id.ts'
import { parseMobile } from '#lib/person/phone-number.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { cellText, isRounded, readSheet, type SheetRow } from '#lib/sheet.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import type { Instant } from '#lib/time.ts'
import { momentOf, saysTime } from '#lib/written-day.ts'
import type { Contact } from '../particulars/rules.ts'

/** The columns of a file of police records about taken phones, in the order for a file without column names. */
export const RECORD_FIELDS = [
  'sourceNumber',
  'incidentType',
  'incidentAt',
  'place',
  'imei1',
  'imei2',
  'imei3',
  'imei4',
  'brand',
  'model',
  'fullName',
  'nationalId',
  'contact',
] as const
type RecordField = (typeof RECORD_FIELDS)[number]
export type RecordTyped = Readonly<Record<RecordField, string>>

/** One police record as it was read. Only number, kind, time and one IMEI are always present. */
export interface PoliceRecord {
  readonly sourceNumber: string
  readonly incidentType: Exclude<BlockReason, 'hold'>
  /** The first moment of the day if the file gives no time. */
  readonly incidentAt: Instant
  readonly incidentDayOnly: boolean
  readonly place: string
  readonly imeis: readonly Pick<Imei, 'imei' | 'key' | 'tac'>[]
  readonly brand: string
  readonly model: string
  readonly fullName: string
  readonly idKind: IdKind | null
  readonly nationalId: string
  readonly contact: Contact | null
}

type RecordFault =
  | `imei_${ImeiFault}`
  | 'imei_scientific'
  | 'imei_duplicate'
  | 'imei_repeated_row'
  | 'sourceNumber_empty'
  | 'sourceNumber_repeated_row'
  | 'incidentType_unknown'
  | 'incidentAt_invalid'
  | 'incidentAt_future'
  | 'fullName_invalid'
  | 'nationalId_invalid'
  | 'contact_invalid'
  | 'too_long'
export type RecordFaults = Readonly<Partial<Record<RecordField, RecordFault>>>

/** The kinds by the words that files use for them, without diacritics and blanks. */
const TYPES: Readonly<Record<string, PoliceRecord['incidentType']>> = {
  robbed: 'robbed',
  robbery: 'robbed',
  cuop: 'robbed',
  cuoptaisan: 'robbed',
  snatched: 'snatched',
  giat: 'snatched',
  cuopgiat: 'snatched',
  cuopgiattaisan: 'snatched',
  stolen: 'stolen',
  theft: 'stolen',
  trom: 'stolen',
  tromcap: 'stolen',
  tromcaptaisan: 'stolen',
  mattrom: 'stolen',
  moctui: 'stolen',
  lost: 'lost',
  mat: 'lost',
  danhroi: 'lost',
  roimat: 'lost',
  thatlac: 'lost',
}

const LONGEST = { sourceNumber: 60, place: 300, brand: 60, model: 60 } as const
const IMEI_FIELDS = ['imei1', 'imei2', 'imei3', 'imei4'] as const satisfies readonly RecordField[]

/** Reads one record; returns every faulty cell. */
export function readRecord(typed: RecordTyped, now: Instant): Result<PoliceRecord, RecordFaults> {
  const faults: Partial<Record<RecordField, RecordFault>> = {}
  const text = (field: RecordField) => cellText(typed[field])
  for (const [field, most] of Object.entries(LONGEST))
    if (text(field as RecordField).length > most) faults[field as RecordField] = 'too_long'
  if (text('sourceNumber') === '') faults.sourceNumber = 'sourceNumber_empty'
  const incidentType = TYPES[foldDiacritics(text('incidentType')).replace(/[\s_-]/g, '')]
  if (!incidentType) faults.incidentType = 'incidentType_unknown'
  const incidentAt = momentOf(text('incidentAt'))
  if (incidentAt === null) faults.incidentAt = 'incidentAt_invalid'
  else if (incidentAt > now) faults.incidentAt = 'incidentAt_future'
  const imeis = readImeis(text, faults)
  const person = readPerson(text, now, faults)
  if (!incidentType || incidentAt === null || Object.keys(faults).length > 0) return err(faults)
  const plain = (field: 'sourceNumber' | 'place' | 'brand' | 'model') => text(field)
  return ok({
    sourceNumber: plain('sourceNumber').replace(/\s+/g, ' '),
    incidentType,
    incidentAt,
    incidentDayOnly: !saysTime(text('incidentAt')),
    place: plain('place'),
    imeis,
    brand: plain('brand'),
    model: plain('model'),
    ...person,
  })
}

type Faults = Partial<Record<RecordField, RecordFault>>

/** Reads the IMEIs of a row. A cell may hold several, separated by a comma, a semicolon, a bar or a line break. */
function readImeis(text: (field: RecordField) => string, faults: Faults): PoliceRecord['imeis'] {
  const imeis: PoliceRecord['imeis'][number][] = []
  for (const field of IMEI_FIELDS) {
    for (const written of text(field).split(/[,;|\n]/)) {
      if (written.trim() === '') continue
      const read = parseImei(written)
      if (!read.ok) faults[field] = isRounded(text(field)) ? 'imei_scientific' : `imei_${read.error}`
      else if (imeis.some(({ key }) => key === read.value.key)) faults[field] = 'imei_duplicate'
      else imeis.push({ imei: read.value.imei, key: read.value.key, tac: read.value.tac })
    }
  }
  if (imeis.length > MAX_IMEIS) faults.imei1 = 'too_long'
  if (imeis.length === 0 && !IMEI_FIELDS.some((field) => faults[field])) faults.imei1 = 'imei_empty'
  return imeis
}

function readPerson(text: (field: RecordField) => string, now: Instant, faults: Faults) {
  const fullName = text('fullName') === '' ? ok('') : parseName(text('fullName'))
  if (!fullName.ok) faults.fullName = 'fullName_invalid'
  const id = readId(text('nationalId'), now)
  if (id === null) faults.nationalId = 'nationalId_invalid'
  const contact = readContact(text('contact'))
  if (contact === 'invalid') faults.contact = 'contact_invalid'
  return {
    fullName: fullName.ok ? fullName.value : '',
    ...(id ?? { idKind: null, nationalId: '' }),
    contact: contact === 'invalid' ? null : contact,
  }
}

/**
 * Reads the number of a person's papers. Twelve digits are a citizen's number, and other numbers that fit a passport are one. A
 * spreadsheet may have dropped the leading zero.
 */
function readId(written: string, now: Instant): Pick<PoliceRecord, 'idKind' | 'nationalId'> | null {
  if (written === '') return { idKind: null, nationalId: '' }
  const citizen = parseNationalId('cccd', /^\d{11}$/.test(written) ? `0${written}` : written, now)
  if (citizen.ok) return { idKind: 'cccd', nationalId: citizen.value }
  const passport = parseNationalId('passport', written, now)
  const looks = passport.ok && /[A-Z]/.test(passport.value)
  return looks ? { idKind: 'passport', nationalId: passport.value } : null
}

function readContact(written: string): Contact | null | 'invalid' {
  if (written === '') return null
  if (written.includes('@')) {
    const email = parseEmail(written)
    return email.ok ? { kind: 'email', value: email.value } : 'invalid'
  }
  const phone = parseMobile(/^[3-9]\d{8}$/.test(written) ? `0${written}` : written)
  return phone.ok ? { kind: 'phone', value: phone.value } : 'invalid'
}

export const MAX_RECORDS = 5_000

const COLUMN_NAMES: Readonly<Record<string, RecordField>> = {
  sourcenumber: 'sourceNumber',
  filenumber: 'sourceNumber',
  sohoso: 'sourceNumber',
  sovuviec: 'sourceNumber',
  sovuan: 'sourceNumber',
  sothuly: 'sourceNumber',
  incidenttype: 'incidentType',
  type: 'incidentType',
  loai: 'incidentType',
  loaivuviec: 'incidentType',
  hinhthuc: 'incidentType',
  incidentat: 'incidentAt',
  date: 'incidentAt',
  ngay: 'incidentAt',
  ngayxayra: 'incidentAt',
  thoigian: 'incidentAt',
  place: 'place',
  noixayra: 'place',
  diadiem: 'place',
  imei: 'imei1',
  imei1: 'imei1',
  soimei: 'imei1',
  imei2: 'imei2',
  imei3: 'imei3',
  imei4: 'imei4',
  brand: 'brand',
  hang: 'brand',
  hangmay: 'brand',
  model: 'model',
  dongmay: 'model',
  kieumay: 'model',
  fullname: 'fullName',
  owner: 'fullName',
  hoten: 'fullName',
  chumay: 'fullName',
  nationalid: 'nationalId',
  cccd: 'nationalId',
  sogiayto: 'nationalId',
  contact: 'contact',
  lienhe: 'contact',
  email: 'contact',
  dienthoai: 'contact',
  sodienthoai: 'contact',
}

export interface RecordRow extends SheetRow<RecordField> {
  readonly read: Result<PoliceRecord, RecordFaults>
}

/**
 * Returns the records of a table. A file number or a phone that occurs twice is a fault of the later row. Null if there is no
 * column of IMEIs.
 */
export function readRecordTable(table: readonly (readonly string[])[], now: Instant): RecordRow[] | null {
  const rows = readSheet(
    table,
    RECORD_FIELDS,
    COLUMN_NAMES,
    'imei1',
    (first) => first.length >= 5 && /\d{8}/.test(first[4] ?? ''),
  )
  const numbers = new Set<string>()
  const phones = new Set<string>()
  return (
    rows?.map((row): RecordRow => {
      const read = readRecord(row.typed, now)
      if (!read.ok) return { ...row, read }
      const { sourceNumber, imeis } = read.value
      if (numbers.has(sourceNumber))
        return { ...row, read: err({ sourceNumber: 'sourceNumber_repeated_row' }) }
      if (imeis.some(({ key }) => phones.has(key)))
        return { ...row, read: err({ imei1: 'imei_repeated_row' }) }
      numbers.add(sourceNumber)
      for (const { key } of imeis) phones.add(key)
      return { ...row, read }
    }) ?? null
  )
}
