import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { type Column, Table } from '#components/ui/table.tsx'
import type { Agency } from '#features/agencies/rules.ts'
import { byFigures, kindOf, type Question } from '#features/questionnaires/questions/rules.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { Figure } from '../figure-rules.ts'
import { boundsOf, ShareBar, WrittenShare } from '../results-table.tsx'
import { people, percent } from '../rules.ts'
import { type Chosen, chosen, type Tally } from '../tally-rules.ts'
import { bestFirst } from './rules.ts'

interface AgencyTally {
  readonly agency: Agency
  readonly tally: Tally
}

interface QuestionTableProps {
  readonly question: Question
  readonly caption: string
  readonly agencies: readonly AgencyTally[]
}

export async function QuestionTable({ question, caption, agencies }: QuestionTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const { headline } = kindOf(question.kind)
  const ofFigure = (figure: Figure): Column<AgencyTally>[] => [
    {
      head: t('interval'),
      phone: 'left',
      cell: ({ tally }) => {
        const share = figure.of(tally)
        return (
          share && (
            <ShareBar
              share={share.value}
              interval={share}
              few={share.base < MIN_COMPARED}
              label={t('whisker', boundsOf(locale, share, figure.written))}
            />
          )
        )
      },
    },
    {
      head: t('share'),
      align: 'end',
      phone: 'right',
      cell: ({ tally }) => {
        const share = figure.of(tally)
        if (!share) return <span className="text-soft">{t('suppressed')}</span>
        return <WrittenShare {...boundsOf(locale, share, figure.written)} />
      },
    },
  ]
  const ofOptions = (): Column<AgencyTally>[] =>
    question.options.map(({ code, ...option }) => ({
      head: option[locale],
      align: 'end',
      cell: ({ tally }) => {
        const one = chosen(tally, code)
        return one && <OptionShare chosen={one} few={tally.respondents < MIN_COMPARED} />
      },
    }))
  return (
    <Table
      caption={caption}
      captionHidden
      columns={[
        {
          head: t('agency'),
          cell: ({ agency }) => (
            <Link href={{ pathname: '/results/[agency]', params: { agency: agency.id } }}>
              {locale === 'vi' ? agency.nameVi : agency.nameEn}
            </Link>
          ),
        },
        ...(headline ? ofFigure(headline) : (byFigures(question.kind, { options: ofOptions }) ?? [])),
        {
          head: t('count'),
          align: 'end',
          cell: ({ tally }) => <span className="num">{people(locale, tally.respondents)}</span>,
        },
      ]}
      rows={agencies}
      keyOf={({ agency }) => agency.id}
      marks={({ agency, tally }) => {
        const share = headline?.of(tally)
        return {
          'data-agency': agency.id,
          'data-responses': tally.respondents,
          ...(headline && share && { [`data-${headline.name}`]: toTenThousandths(share.value) }),
        }
      }}
    />
  )
}

/** Renders the answers to one question: its share where it is a scale, then every option with count and bar, the best first. */
export async function DistributionTable({
  question,
  tally,
  version,
  versions,
  title,
}: {
  readonly question: Question
  readonly tally: Tally | null
  /** The version, for a heading that links to this question at every agency. */
  readonly version?: number
  /** Every version whose answers are added up, where the page states it. */
  readonly versions?: readonly number[]
  /** Replaces the question on a page about that question alone; it is then a page heading. */
  readonly title?: string
}) {
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
  const { respondents } = tally
  const { headline } = kindOf(question.kind)
  const share = headline?.of(tally)
  const few = respondents < MIN_COMPARED
  const rows = bestFirst(question).flatMap((code) => {
    const one = chosen(tally, code)
    return one === null ? [] : [{ code, one }]
  })
  return (
    <section className="stack">
      {heading}
      <p className="text-soft">
        {headline && share ? `${t(headline.page, boundsOf(locale, share, headline.written))} · ` : null}
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
              {
                head: t('option'),
                cell: ({ code }) => question.options.find((option) => option.code === code)?.[locale] ?? code,
              },
              {
                head: t('shareInterval'),
                align: 'end',
                cell: ({ one }) => (
                  <span className="flex flex-col-reverse items-end md:flex-row md:items-center md:justify-end md:gap-2">
                    <ShareBar share={one.share} interval={one} few={few} label="" short />
                    <span className="flex-none md:w-18">
                      <OptionShare chosen={one} few={few} />
                    </span>
                  </span>
                ),
              },
              {
                head: t('count'),
                align: 'end',
                cell: ({ one }) => <span className="num">{people(locale, one.count)}</span>,
              },
            ]}
            rows={rows}
            keyOf={({ code }) => code}
            marks={({ code, one }) => ({
              'data-option': code,
              'data-count': one.count,
              'data-low': toTenThousandths(one.low),
              'data-high': toTenThousandths(one.high),
            })}
          />
        ),
      })}
    </section>
  )
}

interface OptionShareProps {
  readonly chosen: Chosen
  /** Shown in grey below 30 people. */
  readonly few: boolean
}

/** Renders the share of one option with its interval on two lines, since a column on a phone has no room for one. */
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
