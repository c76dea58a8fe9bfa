import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { byFigures, kindOf } from '#features/questionnaires/rules/question-kinds.ts'
import type { Question } from '#features/questionnaires/rules/questionnaire.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { bestFirst } from '../rules/answer-steps.ts'
import { chosen, type Tally, topTwo } from '../rules/distribution.ts'
import { OptionShare } from './option-share.tsx'
import { people, percent } from './percent.ts'
import { ShareBar } from './share-bar.tsx'

export interface DistributionTableProps {
  readonly question: Question
  /** Null where too few have answered. */
  readonly tally: Tally | null
  /** The version of the questions, for a heading that leads to this question at every agency. */
  readonly version?: number
  /** Every version whose answers are added up, where that is said. */
  readonly versions?: readonly number[]
  /** Instead of the question, where the page is of one: then a heading of the page. */
  readonly title?: string
}

/** Shows how one question was answered: its share where it is a scale, and every option with its count and a bar, the best first. */
export async function DistributionTable({
  question,
  tally,
  version,
  versions,
  title,
}: DistributionTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const words = title ?? question[locale]
  const Heading = title === undefined ? 'h3' : 'h2'
  const heading = (
    <Heading>
      {version === undefined ? (
        words
      ) : (
        <Link
          className="text-ink decoration-line hover:text-teal"
          href={{
            pathname: '/results/questions/[version]/[question]',
            params: { version: String(version), question: question.key },
          }}
        >
          {words}
        </Link>
      )}
    </Heading>
  )
  if (tally === null) {
    return (
      <section className="stack">
        {heading}
        <p className="text-soft">{t('questionFew')}</p>
      </section>
    )
  }
  const { respondents, counts } = tally
  const said = kindOf(question.kind).share
  const share = said && topTwo(counts)
  const few = respondents < MIN_COMPARED
  const rows = bestFirst(question).flatMap((code) => {
    const one = chosen(tally, code)
    return one === null
      ? []
      : [
          {
            key: code,
            marks: {
              'data-option': code,
              'data-count': one.count,
              'data-low': toTenThousandths(one.low),
              'data-high': toTenThousandths(one.high),
            },
            cells: {
              option: question.options.find((option) => option.code === code)?.[locale] ?? code,
              share: (
                <span className="flex flex-col-reverse items-end md:flex-row md:items-center md:justify-end md:gap-2">
                  <ShareBar share={one.share} interval={one} few={few} label="" short />
                  <span className="flex-none md:w-18">
                    <OptionShare chosen={one} few={few} />
                  </span>
                </span>
              ),
              count: <span className="num">{people(locale, one.count)}</span>,
            },
          },
        ]
  })
  const bounds = share && {
    share: percent(locale, share.satisfied),
    low: percent(locale, share.low),
    high: percent(locale, share.high),
  }
  return (
    <section className="stack">
      {heading}
      <p className="text-soft">
        {said && bounds ? `${t(said.page, bounds)} · ` : null}
        {t('questionBase', { count: respondents })}
        {versions === undefined ? null : ` · ${t('versions.added', { versions: versions.join(', ') })}`}
      </p>
      {byFigures(question.kind, {
        options: () => (
          <Table
            caption={words}
            captionHidden
            phone="scroll"
            columns={[
              { key: 'option', label: t('option') },
              { key: 'share', label: t('shareInterval'), align: 'end' },
              { key: 'count', label: t('count'), align: 'end' },
            ]}
            rows={rows}
          />
        ),
      })}
    </section>
  )
}
