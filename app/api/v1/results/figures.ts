import { csvLine } from '#domain/survey/csv.ts'
import type { AgencyFigures, CityResults, Figures } from '#domain/survey/results.ts'
import type { Ending } from '#server/survey/loaders/lineage.ts'
import type { AgencyResults } from '#server/survey/loaders/results.ts'

/** In ten-thousandths: the same figures as the marks of the page. */
const plain = (share: number): number => Math.round(share * 10_000) / 10_000

/** Public figures as programs read them: null where they are suppressed. */
const figuresJson = ({ responses, share, standing }: Figures) => ({
  responses,
  suppressed: standing === 'suppressed',
  satisfied: share && plain(share.satisfied),
  low: share && plain(share.low),
  high: share && plain(share.high),
})

const agencyJson = ({ agency, ...figures }: AgencyFigures) => ({
  agency: agency.id,
  name: { vi: agency.nameVi, en: agency.nameEn },
  kind: agency.kind,
  ...figuresJson(figures),
})

export const cityJson = ({ city, groups, agencies }: CityResults) => ({
  city: figuresJson(city),
  groups: {
    districts: figuresJson(groups.districts),
    departments: figuresJson(groups.departments),
  },
  agencies: agencies.map(agencyJson),
})

export function cityCsv({ agencies }: CityResults): string {
  const head = ['agency', 'kind', 'name_vi', 'name_en', 'responses', 'satisfied', 'low', 'high', 'suppressed']
  const lines = agencies
    .map(agencyJson)
    .map((row) => [
      row.agency,
      row.kind,
      row.name.vi,
      row.name.en,
      row.responses,
      row.satisfied,
      row.low,
      row.high,
      row.suppressed,
    ])
  return [head, ...lines].map(csvLine).join('')
}

export const agencyResultsJson = (results: AgencyResults) => ({
  ...agencyJson(results),
  questions: results.questions.map(({ version, question, counts }) => ({
    questionnaire: version,
    question: question.key,
    text: { vi: question.vi, en: question.en },
    suppressed: counts === null,
    counts: counts && question.options.map(({ code }) => ({ option: code, count: counts[code] ?? 0 })),
  })),
})

/** Since when an agency is no more, and who has its tasks; null for both while it is open. */
export const endingJson = (ending: Ending | null) => ({
  endedOn: ending?.on ?? null,
  successors: ending?.successors.map(({ id }) => id) ?? null,
})

/** One line an option of every question that is public. */
export function agencyResultsCsv(results: AgencyResults): string {
  const lines = agencyResultsJson(results).questions.flatMap(({ questionnaire, question, counts }) =>
    (counts ?? []).map(({ option, count }) => [results.agency.id, questionnaire, question, option, count]),
  )
  return [['agency', 'questionnaire', 'question', 'option', 'count'], ...lines].map(csvLine).join('')
}
