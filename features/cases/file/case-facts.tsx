import { getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { SummaryList, type SummaryRow } from '#components/ui/summary-list.tsx'
import { Written } from '#components/ui/written.tsx'
import { type FactsOf, factRows } from './fact-rows.tsx'

export async function CaseFacts(props: FactsOf) {
  const [t, rows] = await Promise.all([getTranslations('case-staff.facts'), factRows(props)])
  return (
    <div className="@container">
      <div className="grid gap-4 @min-[29rem]:grid-cols-[minmax(0,1.12fr)_minmax(0,1fr)]">
        {(['phone', 'person', 'incident'] as const).map((about) => (
          <Card key={about} className="stack last:col-span-full">
            <h2>{t(about)}</h2>
            <SummaryList rows={rows[about].map((row) => folded(row, t('more')))} />
          </Card>
        ))}
      </div>
    </div>
  )
}

/** The number of letters from which an answer is folded. */
const FOLDED_FROM = 400
const SHOWN = 280

/** Folds a long value, such as a long story, so that the facts below it stay in view. */
function folded({ value, ...row }: SummaryRow, more: string): SummaryRow {
  if (typeof value !== 'string' || value.length < FOLDED_FROM) return { ...row, value }
  const beginning = value.slice(0, SHOWN).replace(/\s+\S*$/u, '')
  return {
    ...row,
    value: (
      <details className="long" data-long={row.key}>
        <summary>
          <span className="long-start">
            <Written>{beginning}</Written>…{' '}
          </span>
          <span className="long-more">{more}</span>
        </summary>
        <Written>{value}</Written>
      </details>
    ),
  }
}
