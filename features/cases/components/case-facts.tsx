import { getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { type FactsOf, factRows } from './fact-rows.tsx'

/** Renders the phone, whose it is, and what happened: the short ones beside each other where there is room. */
export async function CaseFacts(props: FactsOf) {
  const [t, rows] = await Promise.all([getTranslations('case-staff.facts'), factRows(props)])
  return (
    <div className="@container">
      <div className="grid gap-4 @min-[29rem]:grid-cols-[minmax(0,1.12fr)_minmax(0,1fr)]">
        {(['phone', 'person', 'incident'] as const).map((about) => (
          <Card key={about} className="stack last:col-span-full">
            <h2>{t(about)}</h2>
            <SummaryList rows={rows[about]} />
          </Card>
        ))}
      </div>
    </div>
  )
}
