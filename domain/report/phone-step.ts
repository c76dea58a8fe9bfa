import { displayName, type KnownDevice, tacMismatch } from '#domain/imei/device.ts'
import { formatImei, type Imei, parseImeis } from '#domain/imei/imei.ts'
import { formatMobile, type Msisdn, parseMobile } from '#domain/person/phone-number.ts'
import { err, ok, type Result } from '#domain/result.ts'
import { compactCode } from '#domain/writing.ts'
import type { Answers, Reading } from './answers.ts'
import { FieldReader, isBlank } from './field-reader.ts'

export interface PhoneAnswers {
  readonly imeis: readonly Imei[]
  readonly brand: string
  readonly model: string
  readonly colour: string
  readonly serialNumber: string
  readonly phoneNumbers: readonly Msisdn[]
}

const IMEI_FIELDS = ['imei1', 'imei2', 'imei3', 'imei4'] as const
const NAME_MAX = 60

/** Which phone it is. Only the first IMEI is asked of everybody: much may be unknown to who has lost a phone. */
export function readPhone(typed: Answers): Reading<PhoneAnswers> {
  const form = new FieldReader(typed)
  const imeis = readImeis(form)
  const brand = form.free('brand', NAME_MAX, 'optional')
  const model = form.free('model', NAME_MAX, 'optional')
  const colour = form.free('colour', NAME_MAX, 'optional')
  const serialNumber = form.optional('serialNumber', parseSerial, String) ?? ''
  const phoneNumbers = readNumbers(form)
  return form.done(() => ({ imeis, brand, model, colour, serialNumber, phoneNumbers }))
}

/** An IMEI is kept in full, check digit and groups included, so that people can compare it with a box. */
function readImeis(form: FieldReader): readonly Imei[] {
  const parsed = parseImeis(IMEI_FIELDS.map((field) => form.text(field)))
  const faults = parsed.ok ? [] : parsed.error
  for (const { field, fault } of faults) form.refuse(IMEI_FIELDS[field] ?? 'imei1', fault, 'imei')
  for (const [index, field] of IMEI_FIELDS.entries()) {
    if (faults.some((fault) => fault.field === index)) continue
    form.keep(field, isBlank(form.text(field)) ? '' : writeImei(form.text(field)))
  }
  return parsed.ok ? parsed.value : []
}

function writeImei(text: string): string {
  const parsed = parseImeis([text])
  return parsed.ok && parsed.value[0] ? formatImei(parsed.value[0].imei) : text
}

function readNumbers(form: FieldReader): readonly Msisdn[] {
  const first = form.optional('phoneNumber1', parseMobile, formatMobile, 'mobile')
  const second = form.optional('phoneNumber2', parseMobile, formatMobile, 'mobile')
  if (second !== null && second === first) form.refuse('phoneNumber2', 'duplicate', 'mobile')
  return [first, second].filter((number) => number !== null)
}

/** As printed on boxes and bills by any maker: letters and digits. */
function parseSerial(text: string): Result<string, 'format'> {
  const serial = compactCode(text).toUpperCase()
  return /^[0-9A-Z]{4,32}$/.test(serial) ? ok(serial) : err('format')
}

export interface DescribedPhone {
  readonly brand: string
  readonly model: string
  readonly mismatch: boolean
}

/** Make and model as the case keeps them: what was typed, and what the TAC table knows where nothing was. */
export function describePhone(
  typed: Pick<PhoneAnswers, 'brand' | 'model'>,
  known: KnownDevice | null,
): DescribedPhone {
  if (known === null) return { brand: typed.brand, model: typed.model, mismatch: false }
  const mismatch = tacMismatch(typed, known)
  return {
    brand: isBlank(typed.brand) ? displayName(known.manufacturer, '') : typed.brand,
    model: isBlank(typed.model) && !mismatch ? known.model : typed.model,
    mismatch,
  }
}
