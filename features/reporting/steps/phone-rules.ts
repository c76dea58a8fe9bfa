import { displayName, type KnownDevice, tacMismatch } from '#lib/imei/device.ts'
import { formatImei, type Imei, parseImeis } from '#lib/imei/imei.ts'
import { formatMobile, type Msisdn, parseMobile } from '#lib/person/phone-number.ts'
import { type DraftFields, FieldReader, type FieldReading, isBlank } from '../fields/reader-rules.ts'
import type { TextsOf } from '../fields/rules.ts'

export interface PhoneAnswers extends TextsOf<'phone'> {
  /** Empty if the person knows none; then there is a phone number. */
  readonly imeis: readonly Imei[]
  readonly phoneNumbers: readonly Msisdn[]
  /** Carriers may be asked which phones the number was in; asked if no IMEI is known. */
  readonly lookup: boolean
}

const IMEI_FIELDS = ['imei1', 'imei2', 'imei3', 'imei4'] as const

/**
 * Reads the phone. Only the first IMEI is required of everybody, and may be unknown: then the SIM's number is required, with
 * which its carrier can find the phone. `contactPhone` is the number that receives the codes. It cannot be the lost phone's
 * number unless the SIM was reissued: people read the field as "a number" and repeat a friend's.
 */
export function readPhone(typed: DraftFields, contactPhone: Msisdn | null): FieldReading<PhoneAnswers> {
  const form = new FieldReader(typed)
  const unknown = form.box('imeiUnknown') && IMEI_FIELDS.every((field) => isBlank(form.text(field)))
  const imeis = unknown ? noImeis(form) : readImeis(form)
  const texts = form.texts('phone')
  const phoneNumbers = readNumbers(form, unknown)
  const lookup = form.box('consentCarrierLookup') && unknown
  const reissued = form.box('simReissued')
  if (contactPhone !== null && !reissued)
    for (const field of ['phoneNumber1', 'phoneNumber2'] as const)
      if (parsedMobile(typed[field]) === contactPhone) form.refuse(field, 'is_contact', 'mobile')
  return form.done(() => ({ imeis, ...texts, phoneNumbers, lookup }))
}

function noImeis(form: FieldReader): readonly Imei[] {
  for (const field of IMEI_FIELDS) form.keep(field, '')
  return []
}

/** Reads the IMEIs and keeps each in full, with check digit and groups, so that people can compare it with a box. */
function readImeis(form: FieldReader): readonly Imei[] {
  const unknown = form.text('imeiUnknown') === 'on'
  const parsed = parseImeis(IMEI_FIELDS.map((field) => form.text(field)))
  const faults = parsed.ok ? [] : parsed.error
  // A valid typed number overrides the tick; a wrong one must be removed or corrected.
  for (const { field, fault } of faults)
    form.refuse(IMEI_FIELDS[field] ?? 'imei1', unknown ? 'typed_though_unknown' : fault, 'imei')
  if (parsed.ok) form.keep('imeiUnknown', '')
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

function readNumbers(form: FieldReader, required: boolean): readonly Msisdn[] {
  if (required && isBlank(form.text('phoneNumber1'))) form.refuse('phoneNumber1', 'empty')
  const first = form.optional('phoneNumber1', parseMobile, formatMobile, 'mobile')
  const second = form.optional('phoneNumber2', parseMobile, formatMobile, 'mobile')
  if (second !== null && second === first) form.refuse('phoneNumber2', 'duplicate', 'mobile')
  return [first, second].filter((number) => number !== null)
}

export function parsedMobile(text: string | undefined): Msisdn | null {
  const parsed = parseMobile(text ?? '')
  return parsed.ok ? parsed.value : null
}

/**
 * Returns whether a report needs proof to be sent. Without an IMEI nothing is claimed that could be proven; police ask for proof
 * before they find for anybody.
 */
export const needsProof = (phone: Pick<PhoneAnswers, 'imeis'> | null): boolean => phone?.imeis.length !== 0

/**
 * Returns brand and model for the case: as typed, else from the TAC table. The table's model is left out if the typed
 * brand contradicts the table.
 */
export function describePhone(
  typed: Pick<PhoneAnswers, 'brand' | 'model'>,
  known: KnownDevice | null,
): {
  readonly brand: string
  readonly model: string
  readonly mismatch: boolean
} {
  if (known === null) return { brand: typed.brand, model: typed.model, mismatch: false }
  const mismatch = tacMismatch(typed, known)
  return {
    brand: isBlank(typed.brand) ? displayName(known.manufacturer, '') : typed.brand,
    model: isBlank(typed.model) && !mismatch ? known.model : typed.model,
    mismatch,
  }
}
