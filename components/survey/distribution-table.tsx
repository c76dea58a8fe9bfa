import { getLocale, getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { type Counts, topTwo, total } from '#domain/survey/distribution.ts'
import { isScale, type Question } from '#domain/survey/questionnaire.ts'
import { percent } from './percent.ts'

export interface DistributionTableProps {
  readonly question: Question
  /** Null where too few have answered. */
  readonly counts: Counts | null
}

const WIDTH = 200

/** How one question was answered: its share where it is a scale, and every option with its count and a bar. */
export async function DistributionTable({ question, counts }: DistributionTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  if (counts === null) {
    return (
      <section className="stack">
        <h3>{question[locale]}</h3>
        <p className="text-soft">{t('questionFew')}</p>
      </section>
    )
  }
  const all = total(counts)
  const share = isScale(question.kind) ? topTwo(counts) : null
  const rows = question.options.map(({ code, ...words }) => {
    const count = counts[code] ?? 0
    return {
      key: code,
      cells: {
        option: words[locale],
        bar: (
          <svg viewBox={`0 0 ${WIDTH} 12`} className="block h-3 w-full min-w-24" aria-hidden="true">
            <rect width={WIDTH} height="12" rx="3" className="fill-line" />
            <rect width={(WIDTH * count) / all} height="12" rx="3" className="fill-teal" />
          </svg>
        ),
        share: <span className="num">{percent(locale, count / all)}</span>,
        count: <span className="num">{count}</span>,
      },
    }
  })
  const bounds = share && {
    share: percent(locale, share.satisfied),
    low: percent(locale, share.low),
    high: percent(locale, share.high),
  }
  return (
    <section className="stack">
      <h3>{question[locale]}</h3>
      <p className="text-soft">
        {bounds ? `${t(question.kind === 'rating' ? 'questionScale' : 'questionShare', bounds)} · ` : null}
        {t('questionBase', { count: all })}
      </p>
      <Table
        caption={question[locale]}
        captionHidden
        columns={[
          { key: 'option', label: t('option') },
          { key: 'bar', label: '' },
          { key: 'share', label: t('share'), align: 'end' },
          { key: 'count', label: t('count'), align: 'end' },
        ]}
        rows={rows}
      />
    </section>
  )
}
