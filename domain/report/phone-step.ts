import { displayName, type KnownDevice, tacMismatch } from '#domain/imei/device.ts'
import { formatImei, type Imei, parseImeis } from '#domain/imei/imei.ts'
import { formatMobile, type Msisdn, parseMobile } from '#domain/person/phone-number.ts'
import type { Answers, Reading } from './answers.ts'
import { FieldReader, isBlank } from './field-reader.ts'
import type { TextsOf } from './fields.ts'

export interface PhoneAnswers extends TextsOf<'phone'> {
  readonly imeis: readonly Imei[]
  readonly phoneNumbers: readonly Msisdn[]
}

const IMEI_FIELDS = ['imei1', 'imei2', 'imei3', 'imei4'] as const

/**
 * Reads which phone it is. Only the first IMEI is asked of everybody: a person who has lost a phone may not know much
 * of it.
 */
export function readPhone(typed: Answers): Reading<PhoneAnswers> {
  const form = new FieldReader(typed)
  const imeis = readImeis(form)
  const texts = form.texts('phone')
  const phoneNumbers = readNumbers(form)
  return form.done(() => ({ imeis, ...texts, phoneNumbers }))
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
