import { FIELDS, OPEN_TEXTS, OPTIONAL_TEXTS, type OptionalText } from '#features/reporting/fields/rules.ts'
import { type KnownDevice, tacMismatch } from '#lib/imei/device.ts'
import { type Msisdn, parseMobile } from '#lib/person/phone-number.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import type { Particulars } from '../particulars/rules.ts'

const TEXTS: readonly OptionalText[] = ['story', ...OPTIONAL_TEXTS.filter((name) => name !== 'story')]
const isOpen = (name: OptionalText): name is OptionalText<'open'> => OPEN_TEXTS.some((one) => one === name)
const SEALED = TEXTS.filter((name): name is OptionalText<'sealed'> => !isOpen(name))
const OPEN = TEXTS.filter(isOpen)
const NUMBERS = ['phoneNumber1', 'phoneNumber2'] as const

type NumberFact = (typeof NUMBERS)[number]
export type AddedFact = OptionalText | NumberFact

export const isNumberFact = (name: AddedFact): name is NumberFact => NUMBERS.some((one) => one === name)

const textsIn = (step: (typeof FIELDS)[OptionalText]['step']) =>
  TEXTS.filter((name) => FIELDS[name].step === step)

/** The facts that a report may omit, grouped by subject, the most helpful subject first. */
export const FACT_CARDS = {
  incident: textsIn('incident'),
  phone: textsIn('phone'),
  sim: NUMBERS,
  person: textsIn('person'),
} as const satisfies Readonly<Record<(typeof FIELDS)[OptionalText]['step'] | 'sim', readonly AddedFact[]>>

export const ADDED_FACTS: readonly AddedFact[] = Object.values(FACT_CARDS).flat()

export type TypedFacts = Readonly<Partial<Record<AddedFact, string>>>

interface StatedFacts extends Readonly<Record<OptionalText<'open'>, string>> {
  readonly particulars: Particulars
  /** The TAC table's answer for the phone; null if the table does not know it. */
  readonly known?: KnownDevice | null
}

/** Returns the facts that a case does not state yet. Stated ones are changed by asking for a correction. */
export function missingFacts({ particulars, ...open }: Omit<StatedFacts, 'known'>): readonly AddedFact[] {
  const stated: Readonly<Record<AddedFact, string | undefined>> = {
    ...particulars,
    ...open,
    phoneNumber1: particulars.phoneNumbers[0],
    phoneNumber2: particulars.phoneNumbers[1],
  }
  return ADDED_FACTS.filter((name) => !stated[name])
}

export interface FactsAdded {
  readonly particulars: Particulars
  readonly changes: Readonly<Partial<Record<OptionalText<'open'>, string>>> & {
    readonly tacMismatch?: boolean
  }
  readonly count: number
}

/**
 * Adds the typed facts that are missing in the case; stated ones stay as they are. Faults are by field, as keys of
 * messages' `faults`.
 */
export function addFacts(
  stated: StatedFacts,
  typed: TypedFacts,
): Result<FactsAdded, Readonly<Record<string, string>>> {
  const faults: Record<string, string> = {}
  const missing = missingFacts(stated)
  const given = (name: AddedFact): string | null => {
    const text = typed[name] ?? ''
    return missing.includes(name) && stripInvisible(text).trim() !== '' ? text : null
  }
  const texts = <N extends OptionalText>(names: readonly N[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const text = given(name)
        const read = text === null ? null : FIELDS[name].read(text)
        if (read === null) return []
        if (read.ok) return [[name, read.value]]
        faults[name] = `report.${name}.${read.error}`
        return []
      }),
    ) as Partial<Record<N, string>>
  const sealed = texts(SEALED)
  const changes = texts(OPEN)
  const numbers: Msisdn[] = []
  for (const name of NUMBERS) {
    const text = given(name)
    const read = text === null ? null : parseMobile(text)
    if (read === null) continue
    if (!read.ok) faults[name] = `report.mobile.${read.error}`
    else if ([...stated.particulars.phoneNumbers, ...numbers].includes(read.value))
      faults[name] = 'report.mobile.duplicate'
    else numbers.push(read.value)
  }
  if (Object.keys(faults).length > 0) return err(faults)
  const phoneNumbers = [...stated.particulars.phoneNumbers, ...numbers]
  const count = Object.keys(sealed).length + Object.keys(changes).length + numbers.length
  const typedPhone = { brand: stated.brand, model: stated.model, ...changes }
  const isOther = stated.known ? tacMismatch(typedPhone, stated.known) : undefined
  return ok({
    particulars: { ...stated.particulars, ...sealed, phoneNumbers },
    changes: { ...changes, ...(isOther !== undefined && { tacMismatch: isOther }) },
    count,
  })
}
