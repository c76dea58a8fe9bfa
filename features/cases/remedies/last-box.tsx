import { getLocale } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { type NamedBox, sayLastBox } from '#messages/said-last-box.ts'

export async function LastBoxCard(props: NamedBox) {
  const { title, rows } = sayLastBox(await getLocale(), props)
  return (
    <Card data-last-box={props.box.act}>
      <h2 className="text-lg md:text-xl">{title}</h2>
      <SummaryList rows={rows.map(({ key, term, words }) => ({ key, term, value: words }))} />
    </Card>
  )
}
