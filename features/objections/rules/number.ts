import { numberSeries } from '#features/cases/rules/number-series.ts'

/** `KN-XXXX-XXXX-C`, for khiếu nại: as readable as a case's number, and never taken for one. */
export type ObjectionNumber = string & { readonly __brand: 'ObjectionNumber' }

export const objectionNumbers = numberSeries<ObjectionNumber>('KN')
