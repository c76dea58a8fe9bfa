import { err, type Result } from '#lib/result.ts'
import { readSheet, type SheetRow } from '#lib/sheet.ts'
import type { Instant } from '#lib/time.ts'
import { type PoliceRecord, RECORD_FIELDS, type RecordFaults, type RecordField, readRecord } from './rules.ts'

/** The most records that a file may have. */
export const MAX_RECORDS = 5_000

/** Names of columns that people write, folded and without blanks. */
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
 * Returns the records of a table. A file number or a phone that stands in it twice is a fault of the later row. Null
 * when there is no column of IMEIs.
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
