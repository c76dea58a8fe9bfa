import type { Month } from '#features/results/rules.ts'
import { add, type Counts, chosen } from '#features/results/tally-rules.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { Facts } from '../rules.ts'

/** The open data as they stood at the first look of a month: the hash of every public table, and what figures are worked out with. */
export interface Snapshot {
  readonly month: Month
  readonly takenOn: string
  readonly dispersion: { readonly factor: number; readonly compared: number }
  /** The names of that day. */
  readonly agencies: readonly { readonly id: string; readonly vi: string; readonly en: string }[]
  readonly tables: readonly { readonly table: string; readonly sha256: string }[]
}

/** The counts of one question at one agency over some months. */
export interface KeptCounts {
  readonly agency: string
  readonly questionnaire: number
  readonly question: string
  readonly respondents: number
  readonly counts: Counts
}

/** Returns a row an option of every question at every agency, with the interval that the page of that day had. */
export function archivedAnswers(snapshot: Snapshot, kept: readonly KeptCounts[]) {
  const names = new Map(snapshot.agencies.map(({ id, vi, en }) => [id, { vi, en }]))
  const byQuestion = Map.groupBy(kept, ({ agency, questionnaire, question }) =>
    [agency, String(questionnaire).padStart(6, '0'), question].join(' '),
  )
  return [...byQuestion]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, some]) => {
      const [{ agency, questionnaire, question } = { agency: '', questionnaire: 0, question: '' }] = some
      const counts = some.reduce<Counts>((sum, one) => add(sum, one.counts), {})
      const respondents = some.reduce((sum, one) => sum + one.respondents, 0)
      const tally = { respondents, counts, dispersion: snapshot.dispersion.factor }
      return Object.keys(counts)
        .toSorted()
        .map((option) => {
          const one = chosen(tally, option)
          return {
            agency,
            name_vi: names.get(agency)?.vi ?? null,
            name_en: names.get(agency)?.en ?? null,
            questionnaire,
            question,
            option,
            count: counts[option] ?? 0,
            respondents,
            share: one && toTenThousandths(one.share),
            low: one && toTenThousandths(one.low),
            high: one && toTenThousandths(one.high),
            as_of: snapshot.takenOn,
          }
        })
    })
}

/** A published month of `/so-lieu` as its table has it. */
export interface KeptFigures {
  readonly month: Month
  readonly city: Facts
  readonly areas: readonly (Facts & { readonly area: string })[]
}
