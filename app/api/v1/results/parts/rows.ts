import { findProcedure } from '#features/ratings/procedures/rules.ts'
import type { PublicPart } from '#features/results/parts/rules.ts'
import { total } from '#features/results/tally-rules.ts'
import type { PartRows } from '../schemas.ts'

export const PART_COLUMNS = [
  ...['agency', 'facet', 'value', 'value_vi', 'value_en', 'option', 'count', 'respondents', 'as_of'],
] as const

export const partRows = (parts: readonly PublicPart[], asOf: string): PartRows['parts'] =>
  parts.flatMap(({ agencyId, facet, value, counts }) =>
    Object.entries(counts)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([option, count]) => ({
        ...{ agency: agencyId, facet, value },
        value_vi: (facet === 'procedure' && findProcedure(value)?.vi) || '',
        value_en: (facet === 'procedure' && findProcedure(value)?.en) || '',
        ...{ option, count, respondents: total(counts), as_of: asOf },
      })),
  )
