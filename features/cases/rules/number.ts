import type { Random } from '#lib/crockford.ts'
import type { Result } from '#lib/result.ts'
import { type NumberFault, numberSeries } from './number-series.ts'

/** `HCM-XXXX-XXXX-C`: eight characters of Crockford's base32 and a check character. Public, not a secret. */
export type CaseNumber = string & { readonly __brand: 'CaseNumber' }

export type CaseNumberFault = NumberFault

const series = numberSeries<CaseNumber>('HCM')

export const newCaseNumber = (random: Random): CaseNumber => series.draw(random)
export const parseCaseNumber = (input: string): Result<CaseNumber, CaseNumberFault> => series.parse(input)
/**
 * Returns a part of a number as it stands in it, from four characters on and without the prefix; null where the text
 * cannot be one.
 */
export const partOfCaseNumber = (input: string): string | null => series.part(input)
