import type { Random } from '#lib/crockford.ts'
import type { Result } from '#lib/result.ts'
import { type NumberFault, numberSeries } from './series-rules.ts'

/** `HCM-XXXX-XXXX-C`: eight characters of Crockford's base32 and a check character. Public, not a secret. */
export type CaseNumber = string & { readonly __brand: 'CaseNumber' }

export type CaseNumberFault = NumberFault

const series = numberSeries<CaseNumber>('HCM')

export const newCaseNumber = (random: Random): CaseNumber => series.draw(random)
export const parseCaseNumber = (input: string): Result<CaseNumber, CaseNumberFault> => series.parse(input)
/**
 * Returns a possible part of a case number, in normal form and without the prefix; null where the text has fewer than
 * four characters or cannot be one.
 */
export const partOfCaseNumber = (input: string): string | null => series.part(input)
