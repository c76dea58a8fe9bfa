import { type Imei, type ImeiFieldFault, parseImeis } from '#lib/imei/imei.ts'
import { ok, type Result } from '#lib/result.ts'

/** The fields of a form that asks for the IMEI of a case (docs/interface.md). */
export const IMEI_FIELDS = ['imei1', 'imei2'] as const

/** An IMEI as it was given: typed, or by its place among those that carriers have named. */
export type GivenImei = { readonly typed: readonly Imei[] } | { readonly chosen: ChosenImei }

/** One of the phones that a carrier has named in its answer to a question, counted from 0. */
export interface ChosenImei {
  readonly question: string
  readonly at: number
}

/** As a form names it: nobody's IMEI stands in it. */
export const writeChoice = ({ question, at }: ChosenImei): string => `${question}:${at}`

function readChoice(written: string): ChosenImei | null {
  const [, question, at] = /^([0-9a-f-]{36}):([0-7])$/.exec(written) ?? []
  return question === undefined ? null : { question, at: Number(at) }
}

/**
 * Reads what a form gives: what was typed counts for more than what was chosen. Null where there is neither; faults by
 * field, as keys of messages' `faults`.
 */
export function readGivenImei(
  typed: readonly string[],
  choice: string,
): Result<GivenImei | null, Readonly<Record<string, string>>> {
  const imeis = parseImeis(typed)
  if (imeis.ok) return ok({ typed: imeis.value })
  if (imeis.error.some(({ fault }) => fault !== 'empty')) return { ok: false, error: faultsOf(imeis.error) }
  const chosen = readChoice(choice)
  return ok(chosen && { chosen })
}

const faultsOf = (faults: readonly ImeiFieldFault[]) =>
  Object.fromEntries(
    faults.map(({ field, fault }) => [IMEI_FIELDS[field] ?? IMEI_FIELDS[0], `report.imei.${fault}`]),
  )
