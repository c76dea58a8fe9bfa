import { getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { type FactsOf, factRows } from './fact-rows.tsx'

export interface Side extends FactsOf {
  readonly label: string
}

/** Shows what the sides of a conflict say, fact by fact. */
export async function FactsCompared({ sides }: { readonly sides: readonly Side[] }) {
  const t = await getTranslations('case-staff')
  const said = await Promise.all(
    sides.map(async (side) => {
      const { phone, person, incident } = await factRows({ ...side, plain: true })
      return { id: side.snapshot.id, label: side.label, rows: [...phone, ...person, ...incident] }
    }),
  )
  // A fact that only one side gave stands after the one that it follows there.
  const facts = new Map<string, string>()
  for (const { rows } of said.toSorted((a, b) => b.rows.length - a.rows.length))
    for (const { key, term } of rows) if (!facts.has(key)) facts.set(key, term)
  return (
    <Table
      caption={t('page.facts_compared')}
      captionHidden
      columns={[
        { key: 'fact', label: t('page.fact') },
        ...said.map(({ id, label }) => ({ key: id, label, phone: 'below' as const })),
      ]}
      rows={[...facts].map(([key, term]) => ({
        key,
        cells: {
          fact: term,
          ...Object.fromEntries(
            said.map(({ id, rows }) => [
              id,
              rows.find((row) => row.key === key)?.value ?? <span className="text-soft">–</span>,
            ]),
          ),
        },
      }))}
    />
  )
}
