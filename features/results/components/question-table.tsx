import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Agency } from '#features/agencies/rules/agency.ts'
import { byFigures } from '#features/questionnaires/rules/question-kinds.ts'
import { isScale, type Question } from '#features/questionnaires/rules/questionnaire.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { chosen, type Tally, topTwo } from '../rules/distribution.ts'
import { OptionShare } from './option-share.tsx'
import { people, percent } from './percent.ts'
import { ShareBar } from './share-bar.tsx'

export interface QuestionTableProps {
  readonly question: Question
  readonly caption: string
  readonly agencies: readonly { readonly agency: Agency; readonly tally: Tally }[]
}

/** Renders one question at several agencies: the share of the top two on a scale, otherwise the share of each option. */
export async function QuestionTable({ question, caption, agencies }: QuestionTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const scale = isScale(question.kind)
  const columns = [
    { key: 'agency', label: t('agency') },
    ...(scale
      ? [
          { key: 'interval', label: t('interval'), phone: 'left' as const },
          { key: 'share', label: t('share'), align: 'end' as const, phone: 'right' as const },
        ]
      : (byFigures(question.kind, {
          options: () =>
            question.options.map(({ code, ...option }) => ({
              key: `option ${code}`,
              label: option[locale],
              align: 'end' as const,
            })),
        }) ?? [])),
    { key: 'responses', label: t('count'), align: 'end' as const },
  ]
  const rows = agencies.map(({ agency, tally }) => {
    const { respondents, counts } = tally
    const share = scale ? topTwo(counts) : null
    const bounds = share && {
      share: percent(locale, share.satisfied),
      low: percent(locale, share.low),
      high: percent(locale, share.high),
    }
    const options = question.options.map(({ code }) => {
      const one = chosen(tally, code)
      return [
        `option ${code}`,
        one && <OptionShare key={code} chosen={one} few={respondents < MIN_COMPARED} />,
      ]
    })
    return {
      key: agency.id,
      marks: {
        'data-agency': agency.id,
        'data-responses': respondents,
        ...(share && { 'data-satisfied': toTenThousandths(share.satisfied) }),
      },
      cells: {
        ...Object.fromEntries(options),
        agency: (
          <Link href={{ pathname: '/results/[agency]', params: { agency: agency.id } }}>
            {locale === 'vi' ? agency.nameVi : agency.nameEn}
          </Link>
        ),
        interval: share && bounds && (
          <ShareBar
            share={share.satisfied}
            interval={share}
            few={share.base < MIN_COMPARED}
            label={t('whisker', bounds)}
          />
        ),
        share: bounds ? (
          <span className="num">
            <b>{bounds.share}</b>{' '}
            <span className="text-soft">
              {bounds.low}–{bounds.high}
            </span>
          </span>
        ) : (
          <span className="text-soft">{t('suppressed')}</span>
        ),
        responses: <span className="num">{people(locale, respondents)}</span>,
      },
    }
  })
  return <Table caption={caption} captionHidden columns={columns} rows={rows} />
}
