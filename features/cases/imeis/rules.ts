import { type Imei, type ImeiFieldFault, parseImeis } from '#lib/imei/imei.ts'
import { ok, type Result } from '#lib/result.ts'

/** The fields of a form that asks for the IMEI of a case (docs/interface.md). */
export const IMEI_FIELDS = ['imei1', 'imei2'] as const

/** An IMEI as it was given: typed, or by its place among the phones that carriers named or a machine read on the evidence. */
export type GivenImei =
  | { readonly typed: readonly Imei[] }
  | { readonly chosen: ChosenImei }
  | { readonly read: ChosenReading }

/** One of the phones that a carrier named in its answer to a question, counted from 0. */
export interface ChosenImei {
  readonly question: string
  readonly at: number
}

/** One of the IMEIs read in a file, counted from 0. */
interface ChosenReading {
  readonly evidence: string
  readonly at: number
}

/** Returns the form value for a reading; it contains no IMEI. */
export const writeReading = ({ evidence, at }: ChosenReading): string => `r${evidence}:${at}`

/** Returns the form value for a choice; it contains no IMEI. */
export const writeChoice = ({ question, at }: ChosenImei): string => `${question}:${at}`

function readChoice(written: string): Exclude<GivenImei, { readonly typed: unknown }> | null {
  const [, isRead, id, at] = /^(r?)([0-9a-f-]{36}):(\d{1,2})$/.exec(written) ?? []
  if (id === undefined) return null
  if (isRead) return { read: { evidence: id, at: Number(at) } }
  return Number(at) < 8 ? { chosen: { question: id, at: Number(at) } } : null
}

/**
 * Reads the IMEI of a form; a typed one takes precedence over a chosen one. Null if there is neither. Faults are by field, as
 * keys of messages' `faults`.
 */
export function readGivenImei(
  typed: readonly string[],
  choice: string,
): Result<GivenImei | null, Readonly<Record<string, string>>> {
  const imeis = parseImeis(typed)
  if (imeis.ok) return ok({ typed: imeis.value })
  if (imeis.error.some(({ fault }) => fault !== 'empty')) return { ok: false, error: faultsOf(imeis.error) }
  return ok(readChoice(choice))
}

const faultsOf = (faults: readonly ImeiFieldFault[]) =>
  Object.fromEntries(
    faults.map(({ field, fault }) => [IMEI_FIELDS[field] ?? IMEI_FIELDS[0], `report.imei.${fault}`]),
  )
