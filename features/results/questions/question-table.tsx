import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Agency } from '#features/agencies/rules.ts'
import { byFigures, kindOf, type Question } from '#features/questionnaires/questions/rules.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { Figure } from '../figure-rules.ts'
import { ShareBar } from '../results-table.tsx'
import { people, percent, writeFigure } from '../rules.ts'
import { type Chosen, chosen, type Share, type Tally } from '../tally-rules.ts'
import { bestFirst } from './rules.ts'

interface QuestionTableProps {
  readonly question: Question
  readonly caption: string
  readonly agencies: readonly { readonly agency: Agency; readonly tally: Tally }[]
}

/** Renders one question at several agencies: its kind's figure, otherwise the share of each option. */
export async function QuestionTable({ question, caption, agencies }: QuestionTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const { headline } = kindOf(question.kind)
  const columns = [
    { key: 'agency', label: t('agency') },
    ...(headline
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
    const share = headline?.of(counts)
    const bounds = headline && share && boundsOf(headline, locale, share)
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
        ...(headline && share && { [`data-${headline.name}`]: toTenThousandths(share.value) }),
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
            share={share.value}
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

/** Returns a figure and its bounds as they are written. */
function boundsOf({ written }: Figure, locale: 'vi' | 'en', { value, low, high }: Share) {
  const write = (one: number) => writeFigure(written, locale, one)
  return { share: write(value), low: write(low), high: write(high) }
}

interface DistributionTableProps {
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
  const { headline } = kindOf(question.kind)
  const share = headline?.of(counts)
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
  return (
    <section className="stack">
      {heading}
      <p className="text-soft">
        {headline && share ? `${t(headline.page, boundsOf(headline, locale, share))} · ` : null}
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

interface OptionShareProps {
  readonly chosen: Chosen
  /** Below 30 people it is told in grey. */
  readonly few: boolean
}

/** Renders the share of one option with its interval, on two lines: a column of a phone has no room for one. */
export async function OptionShare({ chosen: { share, low, high }, few }: OptionShareProps) {
  const locale = await getLocale()
  return (
    <span className={few ? 'num text-soft' : 'num'}>
      {percent(locale, share)}{' '}
      <small className="block whitespace-nowrap text-soft">
        {percent(locale, low)}–{percent(locale, high)}
      </small>
    </span>
  )
}
