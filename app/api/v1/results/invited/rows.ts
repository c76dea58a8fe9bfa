import type { readInvited } from '#features/ratings/invitations/data.ts'
import type { InvitedRows } from '../schemas.ts'

export const INVITED_COLUMNS = [
  ...['agency', 'month', 'service_months', 'drawn_cases', 'drawn', 'answered', 'questionnaire', 'question'],
  ...['option', 'count', 'respondents', 'weighted', 'effective', 'as_of'],
] as const

/** Returns a row for each option that was chosen, with the draws that it was published from. */
export const invitedRows = (
  { cells, releases }: Awaited<ReturnType<typeof readInvited>>,
  asOf: string,
): InvitedRows['invited'] =>
  cells.flatMap(({ agencyId, month, version, question, counts, weighted, respondents, effective }) => {
    const of = releases.find((one) => one.agencyId === agencyId && one.month === month)
    return Object.entries(counts)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([option, count]) => ({
        ...{ agency: agencyId, month, service_months: of?.of.join(' ') ?? '' },
        ...{ drawn_cases: of?.cases ?? 0, drawn: of?.drawn ?? 0, answered: of?.answered ?? 0 },
        ...{ questionnaire: version, question, option, count, respondents },
        ...{ weighted: weighted[option] ?? 0, effective, as_of: asOf },
      }))
  })
