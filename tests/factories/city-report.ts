import seed from '#cities/hcm/agencies-2016.json' with { type: 'json' }
import edition from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import questionnaire from '#cities/viet-nam/questions.json' with { type: 'json' }
import {
  type AgencyKind,
  type AgencyVersion,
  englishName,
  type Succession,
} from '#features/agencies/rules.ts'
import type { CityReport, PublishedMonth, ReportPromise } from '#features/city-report/report-rules.ts'
import { cityReport } from '#features/city-report/rules.ts'
import { HEADLINE, hasOptions, questionsSchema } from '#features/questionnaires/questions/rules.ts'
import { COMMENT_THEMES } from '#features/ratings/comments/rules.ts'
import { type Month, monthsLater } from '#features/results/rules.ts'

const questions = questionsSchema.parse(questionnaire.questions)
const LAST = '2026-11' as Month
const THROUGH = '2026-11-27'

const agency = (
  id: string,
  nameVi: string,
  kind: AgencyKind,
  nameEn = englishName(nameVi),
): AgencyVersion => ({
  ...{ id, versionId: id, nameVi, nameEn, kind, abbreviation: null, areas: [], legalBasis: null },
  ...{ validFrom: '2016-01-01', validTo: null },
})

const districts = seed.agencies.map(({ id, name_vi, kind, name_en }) =>
  agency(id, name_vi, kind as AgencyKind, name_en),
)
const wards = [
  ...edition.units.map(({ id, name_vi, kind }) => agency(id, name_vi, kind as AgencyKind)),
  ...edition.departments.map(({ id, name_vi, name_en }) => agency(id, name_vi, 'department', name_en)),
]

/** Makes an agency's published results of one month. Every question has the same number of answers, most of them satisfied. */
function published(
  { id }: AgencyVersion,
  at: number,
  month: Month,
  n: number,
  { turned = false, asked = 0 }: MadeUp,
): PublishedMonth[] {
  // Every seventh agency is suppressed, and every fifth has few answers.
  const respondents = at % 7 === 6 || (at % 5 === 4 && n > 0) ? 0 : 10 * (1 + ((at + n) % 4))
  if (respondents === 0) return []
  return questions
    .filter(({ kind }) => hasOptions(kind))
    .map(({ key, kind, options }) => {
      if (kind === 'sensitive' && asked > 0) {
        const yes = Math.round(respondents * asked)
        return {
          agencyId: id,
          version: 1,
          question: key,
          month,
          respondents,
          counts: { no: respondents - yes, yes },
        }
      }
      const shift = turned && month >= '2026-01' && at < 9 ? (at < 4 ? -0.25 : 0.25) : 0
      const share = 0.6 + ((at * 7 + n * 3) % 10) / 30 + shift
      const best = Math.min(respondents, Math.round(respondents * share))
      const codes = options.map(({ code }) => code)
      const counts = { [codes[0] ?? '']: respondents - best, [codes.at(-1) ?? '']: best }
      return { agencyId: id, version: 1, question: key, month, respondents, counts }
    })
}

export interface MadeUp {
  readonly agencies: 'districts' | 'wards'
  /** Number of months with public answers; the last is November 2026. */
  readonly months: number
  /** The days on which one district was merged into another. */
  readonly merged?: readonly string[]
  readonly answered?: number
  /** The first agency's satisfied answers and all its answers, instead of the usual ones. */
  readonly first?: readonly [top: number, base: number]
  /** True if, in 2026, the first four agencies get worse and the next five better. */
  readonly turned?: boolean
  /** The share of people who answer `yes` to the sensitive question; by default the usual invented shares. */
  readonly asked?: number
}

/** Returns a frozen report with invented figures, the same for the same options. */
export function madeUpReport(wanted: MadeUp): CityReport {
  const { agencies, months, merged = [], answered = 0, first } = wanted
  const known = agencies === 'wards' ? wards : districts
  const every = Array.from({ length: months }, (_, n) => monthsLater(LAST, n + 1 - months))
  const successions = merged.map(
    (on, at): Succession => ({
      ...{ on, kind: 'merge', from: known[2 * at]?.id ?? '', to: known[2 * at + 1]?.id ?? '' },
      basis: `Nghị quyết số ${1685 + at}/NQ-UBTVQH15 của Ủy ban Thường vụ Quốc hội`,
    }),
  )
  return cityReport({
    office: { vi: 'Sở Nội vụ', en: 'Department of Home Affairs', abbreviation: 'SNV' },
    period: { from: '2026-01' as Month, to: '2026-12' as Month },
    ...{ through: THROUGH, scope: 'all', agencyIds: [], known, catalogue: { versions: known, successions } },
    months: every
      .flatMap((month, n) => known.flatMap((one, at) => published(one, at, month, n, wanted)))
      .map((told) =>
        first && told.question === HEADLINE && told.agencyId === known[0]?.id
          ? { ...told, respondents: first[1], counts: { '1': first[1] - first[0], '5': first[0] } }
          : told,
      ),
    questionnaires: [
      {
        ...{ version: 1, legalBasis: questionnaire.legal_basis, questions },
        ...{ publishedAt: new Date('2016-01-01T00:00:00+07:00'), retiredAt: null, trialPercent: null },
        ...{ trialEndsAt: null, adoptedAt: null },
      },
    ],
    comments: {
      agencies: known
        .filter((_, at) => months > 1 && at % 3 === 0)
        .map(({ id }, at) => ({ id, comments: 10 * (at + 1) })),
      themes: (['districts', 'departments'] as const).flatMap((group) =>
        COMMENT_THEMES.map((theme, at) => ({ group, theme, comments: months > 1 ? 10 * at : 0 })),
      ),
    },
    voices: {
      promises: known.slice(0, answered).map(
        ({ id }, at): ReportPromise => ({
          ...{
            agencyId: id,
            vi: 'Mở thêm quầy vào sáng thứ Hai.',
            en: 'Open one more counter on Monday mornings.',
          },
          ...{ firstDue: '2026-11-26', due: at % 2 === 0 ? '2027-06-30' : '2026-11-26', late: at % 3 !== 2 },
          ...(at % 3 === 0
            ? { state: 'overdue', keptOn: null }
            : { state: 'kept', keptOn: at % 3 === 2 ? '2026-11-20' : '2026-11-27' }),
        }),
      ),
      texts:
        answered === 0
          ? []
          : [
              {
                ...{
                  version: 1,
                  key: 'q2',
                  vi: 'Một điều cần sửa ngay là gì?',
                  en: 'What should change at once?',
                },
                agencies: [{ id: known[0]?.id ?? '', answers: 30 }],
              },
            ],
    },
    suggestions: {
      received:
        answered === 0
          ? []
          : [
              { state: 'new', count: 3 },
              { state: 'declined', count: answered },
            ],
      answered: Array.from({ length: answered }, (_, at) => ({
        ...({ state: 'declined', on: `2026-11-${String(at + 1).padStart(2, '0')}`, people: at + 1 } as const),
        ...{ summaryVi: 'Thêm một câu hỏi về giờ làm việc thứ bảy.', summaryEn: 'Ask about Saturday hours.' },
        ...{ answerVi: 'Câu hỏi về giờ làm việc đã có ở phần tùy chọn.', answerEn: 'It is asked already.' },
      })),
    },
    exclusions: answered === 0 ? [] : [{ reason: 'too_fast', excluded: 12, reversed: 3 }],
  })
}
