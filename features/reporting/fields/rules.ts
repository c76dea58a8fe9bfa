import { maskText } from '#lib/person/masking.ts'
import { parseName } from '#lib/person/name.ts'
import { cleanText } from '#lib/person/text.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode } from '#lib/text-normalization.ts'
import type { AnswerStep } from '../steps/rules.ts'

/**
 * How a surface shows a field. `row`: with its label, as text. `own`: by that surface's own code, which the compiler requires.
 * Null: as part of another field, or not at all.
 */
type Shown = 'row' | 'own' | null

interface Surfaces {
  /** The page where the person checks everything before sending. */
  readonly review: Shown
  /** The case as police read it, also beside other cases. */
  readonly file: Shown
  /** The PDF export of the person's data. */
  readonly paper: Shown
}

/** Headings of a report's data in the privacy notice. */
export type Heading = 'phone' | 'incident' | 'person'

/** Describes which personal data a field holds after sending. */
interface Held {
  /** How police see it before they open the papers with a reason: `legible`, or a function that masks it. */
  readonly masked: 'legible' | ((value: string) => string)
  /** Its heading in the privacy notice (messages, `privacy.named`); null: it is not personal data. */
  readonly notice: Heading | null
  /** Its name in docs/processing-register.md and docs/personal-data.md. */
  readonly register: string | null
}

/** A field with one text that is read independently of other fields. */
interface TextField extends Surfaces {
  readonly kind: 'text'
  readonly step: AnswerStep
  readonly need: 'required' | 'optional'
  readonly read: (typed: string) => Result<string, string>
  /** `sealed`: with the particulars, under the case's key. `open`: in a column of the case, because it identifies no person. */
  readonly kept: 'sealed' | 'open'
  /** How its column is read and displayed, if it is more than words (`columns-rules.ts`, `messages/field-values.ts`). */
  readonly value: ValueKind
  readonly held: Held
  /** The control in the step's form; `own` if the page renders it. */
  readonly input: 'line' | 'short_line' | 'paragraph' | 'own'
  readonly autoComplete?: 'address-line1'
  /** Reads a correction that the person asked for; null if the field cannot be corrected. */
  readonly correct: ((typed: string) => Result<string, string>) | null
}

/** A field that is read and shown together with others, by its own code (`steps/*-rules.ts`). */
interface ComposedField extends Surfaces {
  readonly kind: 'composed'
  readonly step: AnswerStep
}

/**
 * `words`: as typed; `number`: a whole number, kept as digits; `money`: the same, in đồng; `date`: a day, kept as `YYYY-MM-DD`.
 * In code all are texts, '' if not answered.
 */
export type ValueKind = 'words' | 'number' | 'money' | 'date'

export const isNumber = (value: ValueKind): boolean => value === 'number' || value === 'money'

const words =
  (max: number) =>
  (typed: string): Result<string, 'too_long'> =>
    cleanText(typed, max)

/** Parses a serial number of any maker, as printed on boxes and bills: letters and digits. */
function parseSerial(text: string): Result<string, 'format'> {
  const serial = compactCode(text).toUpperCase()
  return /^[0-9A-Z]{4,32}$/.test(serial) ? ok(serial) : err('format')
}

/** Declares a field that is shown together with its step's `withIt` fields. */
const composed = (step: AnswerStep) =>
  ({ kind: 'composed', step, review: 'own', file: 'own', paper: 'own' }) as const
const withIt = (step: AnswerStep) =>
  ({ kind: 'composed', step, review: null, file: null, paper: null }) as const

const ofPhone = {
  kind: 'text',
  step: 'phone',
  need: 'optional',
  read: words(60),
  kept: 'open',
  value: 'words',
  input: 'short_line',
  correct: words(60),
} as const

const legible = (notice: Heading, register: string) => ({ masked: 'legible', notice, register }) as const

/**
 * Every field of the report, by its name in the form (docs/interface.md, "Form fields"), in form order. Add a new field here; the
 * compiler then names the rest of the work (CONTRIBUTING.md, "Add a report field").
 */
export const FIELDS = {
  incidentType: composed('incident'),
  incidentWhen: withIt('incident'),
  incidentTime: withIt('incident'),
  incidentAt: composed('incident'),
  district: withIt('incident'),
  /** The protections locked before the report (features/first-hour): names separated by spaces. */
  secured: withIt('incident'),
  place: {
    kind: 'text',
    step: 'incident',
    need: 'optional',
    read: words(300),
    kept: 'sealed',
    value: 'words',
    // Name, place and story are legible before the opening: without them police could tell neither whose case it
    // is nor how urgent it is.
    held: legible('incident', 'place'),
    input: 'line',
    review: 'own',
    file: 'own',
    paper: 'row',
    correct: words(300),
  },
  story: {
    kind: 'text',
    step: 'incident',
    need: 'optional',
    read: words(5_000),
    kept: 'sealed',
    value: 'words',
    held: legible('incident', 'story'),
    input: 'paragraph',
    review: 'row',
    file: 'row',
    paper: 'row',
    correct: words(4_000),
  },
  contactEmail: composed('contact'),
  contactEmailAsked: withIt('contact'),
  contactPhone: withIt('contact'),
  /** Also part of the phone step, beside the SIM's number, because either answer may be the wrong one. */
  simReissued: withIt('contact'),
  ownDevice: withIt('contact'),
  /** A checkbox at the desk only: the person has no contact and is served on paper. */
  noContact: withIt('contact'),
  imei1: composed('phone'),
  /** A checkbox: the person knows no IMEI and gives the SIM's number instead. */
  imeiUnknown: withIt('phone'),
  imei2: withIt('phone'),
  imei3: withIt('phone'),
  imei4: withIt('phone'),
  brand: { ...ofPhone, held: legible('phone', 'brand'), review: 'own', file: 'own', paper: 'own' },
  model: { ...ofPhone, held: legible('phone', 'model'), review: null, file: null, paper: null },
  colour: { ...ofPhone, held: legible('phone', 'colour'), review: 'row', file: null, paper: null },
  serialNumber: {
    kind: 'text',
    step: 'phone',
    need: 'optional',
    read: parseSerial,
    kept: 'sealed',
    value: 'words',
    held: legible('phone', 'serial'),
    input: 'short_line',
    review: 'row',
    file: 'row',
    paper: 'row',
    correct: words(40),
  },
  /** A checkbox beside the number: carriers may be asked which phones the number was in. */
  consentCarrierLookup: withIt('phone'),
  phoneNumber1: composed('phone'),
  phoneNumber2: withIt('phone'),
  fullName: {
    kind: 'text',
    step: 'person',
    need: 'required',
    read: parseName,
    kept: 'sealed',
    value: 'words',
    held: legible('person', 'name'),
    input: 'own',
    review: 'own',
    file: 'own',
    paper: 'own',
    correct: parseName,
  },
  idKind: withIt('person'),
  nationalId: composed('person'),
  address: {
    kind: 'text',
    step: 'person',
    need: 'optional',
    read: words(300),
    kept: 'sealed',
    value: 'words',
    held: { masked: maskText, notice: 'person', register: 'address' },
    input: 'line',
    autoComplete: 'address-line1',
    review: 'row',
    file: 'row',
    paper: 'row',
    correct: words(300),
  },
} as const satisfies Readonly<Record<string, TextField | ComposedField>>

type Fields = typeof FIELDS
export type FieldName = keyof Fields

type NameWhere<Condition> = { [N in FieldName]: Fields[N] extends Condition ? N : never }[FieldName]
export type TextFieldName<Step extends AnswerStep = AnswerStep> = NameWhere<{ kind: 'text'; step: Step }>
export type SealedText = NameWhere<{ kind: 'text'; kept: 'sealed' }>
export type OpenText = NameWhere<{ kind: 'text'; kept: 'open' }>
export type OptionalText<Kept extends TextField['kept'] = TextField['kept']> = NameWhere<{
  kind: 'text'
  need: 'optional'
  kept: Kept
}>
/** Texts whose control the step's form renders by itself. */
export type TypedText = NameWhere<{ kind: 'text'; input: 'line' | 'short_line' | 'paragraph' }>
export type CorrectableText = NameWhere<{ kind: 'text'; correct: (typed: string) => Result<string, string> }>
type Surface = keyof Surfaces
/** Fields that a surface renders by its own code. */
export type OwnIn<S extends Surface> = NameWhere<{ [Key in S]: 'own' }>
export type RowIn<S extends Surface> = NameWhere<{ [Key in S]: 'row' }>

export type TextsOf<Step extends AnswerStep> = { readonly [N in TextFieldName<Step>]: string }

const names = Object.keys(FIELDS) as FieldName[]

export const fieldsOfStep = (step: AnswerStep): readonly FieldName[] =>
  names.filter((name) => FIELDS[name].step === step || (step === 'phone' && name === 'simReissued'))

/** Fields that a form omits when they are off, most of them checkboxes; only these become blank when they were not sent. */
export const BOXES = [
  'contactEmailAsked',
  'simReissued',
  'ownDevice',
  'noContact',
  'imeiUnknown',
  'consentCarrierLookup',
] as const satisfies readonly FieldName[]

export const textsOf = <Step extends AnswerStep>(step: Step) =>
  fieldsOfStep(step).filter((name): name is TextFieldName<Step> => FIELDS[name].kind === 'text')

const keptAs = (kept: TextField['kept']) =>
  names.filter((name) => {
    const field: TextField | ComposedField = FIELDS[name]
    return field.kind === 'text' && field.kept === kept
  })
export const SEALED_TEXTS = keptAs('sealed') as readonly SealedText[]
export const OPEN_TEXTS = keptAs('open') as readonly OpenText[]

export const OPTIONAL_TEXTS = names.filter((name): name is OptionalText => {
  const field: TextField | ComposedField = FIELDS[name]
  return field.kind === 'text' && field.need === 'optional'
})

export const typedTextsOf = (step: AnswerStep): readonly TypedText[] =>
  textsOf(step).filter((name): name is TypedText => FIELDS[name].input !== 'own')

export const rowsOf = <S extends Surface>(surface: S, step: AnswerStep): readonly RowIn<S>[] =>
  fieldsOfStep(step).filter((name): name is RowIn<S> & FieldName => FIELDS[name][surface] === 'row')

/** Characters kept of one field in a draft, more than any field allows; the rest is cut off. */
export const TYPED_MAX = 12_000

export const NOTHING_WRITTEN = Object.fromEntries(SEALED_TEXTS.map((name) => [name, ''])) as Readonly<
  Record<SealedText, string>
>

export const sealedTexts = (
  answers: Readonly<Record<SealedText, string>>,
): Readonly<Record<SealedText, string>> =>
  Object.fromEntries(SEALED_TEXTS.map((name) => [name, answers[name]])) as Record<SealedText, string>
