import { err, ok, type Result } from '../result.ts'
import { stripInvisible } from '../text-normalization.ts'

export interface TacRow {
  /** The first eight digits of an IMEI. */
  readonly tac: string
  readonly manufacturer: string
  /** Empty if only the maker is known. */
  readonly model: string
}

export interface TacLine {
  /** From 1. */
  readonly number: number
  readonly text: string
}

const LONGEST = 200
/** A field in quotes, inside which quotes are doubled, or one without any (RFC 4180 §2). */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y

/** Returns the fields of one line of CSV, or null if its quotes don't close. A field contains no line break. */
function fieldsOf(text: string): string[] | null {
  const fields: string[] = []
  FIELD.lastIndex = 0
  for (;;) {
    const match = FIELD.exec(text)
    if (!match) return null
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '') return fields
  }
}

const clean = (field: string): string => stripInvisible(field).normalize('NFC').replace(/\s+/g, ' ').trim()

export type TacFault = 'quotes' | 'columns' | 'tac' | 'manufacturer' | 'model'

/** Reads a line of a `TAC,Manufacturer,Model` file. The header is a fault of its own, so that it can be skipped. */
export function parseTacLine({ number, text }: TacLine): Result<TacRow, 'header' | 'blank' | TacFault> {
  if (text.trim() === '') return err('blank')
  const fields = fieldsOf(text)
  if (fields === null) return err('quotes')
  if (fields.length !== 3) return err('columns')
  const [tac = '', manufacturer = '', model = ''] = fields.map(clean)
  if (number === 1 && tac.toLowerCase() === 'tac') return err('header')
  if (!/^[0-9]{8}$/.test(tac)) return err('tac')
  if (manufacturer === '' || manufacturer.length > LONGEST) return err('manufacturer')
  if (model.length > LONGEST) return err('model')
  return ok({ tac, manufacturer, model })
}
