import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Details } from '#components/ui/details.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { type FactsOf, factRows } from '../file/fact-rows.tsx'
import { differingFacts, saidFacts } from './rules.ts'

interface Side extends FactsOf {
  readonly label: string
}

/** Renders the facts of all sides of a conflict side by side. The differing ones are marked once every side is opened. */
export async function FactsCompared({ sides }: { readonly sides: readonly Side[] }) {
  const t = await getTranslations('case-staff')
  const said = await Promise.all(
    sides.map(async (side) => {
      const { phone, person, incident } = await factRows({ ...side, plain: true })
      return { id: side.snapshot.id, label: side.label, rows: [...phone, ...person, ...incident] }
    }),
  )
  // The side with the most facts sets the order. Facts that only other sides gave come last.
  const facts = new Map<string, string>()
  for (const { rows } of said.toSorted((a, b) => b.rows.length - a.rows.length))
    for (const { key, term } of rows) if (!facts.has(key)) facts.set(key, term)
  const opened = sides.every(({ file }) => file.openUntil !== null)
  const differing = opened
    ? differingFacts(sides.map(({ file, snapshot, area }) => saidFacts(file, snapshot, area)))
    : new Set<string>()
  const differs = (key: string) => differing.has(key)
  const table = (rows: readonly [string, string][], caption: string) => (
    <Table
      caption={caption}
      captionHidden
      columns={[
        {
          head: t('page.fact'),
          cell: ([key, term]) =>
            differs(key) ? (
              <span className="inline-flex flex-wrap items-center gap-x-2 md:flex-nowrap md:whitespace-nowrap">
                {term}
                <Tag tone="wait" icon="alert">
                  {t('page.fact_differs')}
                </Tag>
              </span>
            ) : (
              term
            ),
        },
        ...said.map(({ label, rows: own }) => ({
          head: label,
          phone: 'below' as const,
          cell: ([key]: [string, string]) => shownAs(differs(key), own.find((row) => row.key === key)?.value),
        })),
      ]}
      rows={rows}
      keyOf={([key]) => key}
      marks={([key]): Record<`data-${string}`, string> => (differs(key) ? { 'data-differs': key } : {})}
    />
  )
  const all = [...facts]
  const apart = all.filter(([key]) => differs(key))
  const alike = all.filter(([key]) => !differs(key))
  return (
    <>
      <p className="text-soft">
        {opened ? t('page.facts_differing', { count: apart.length }) : t('page.facts_closed')}
      </p>
      {opened && apart.length === 0 ? null : table(opened ? apart : all, t('page.facts_compared'))}
      {opened && alike.length > 0 ? (
        <Details summary={t('page.facts_alike', { count: alike.length })}>
          {table(alike, t('page.facts_alike', { count: alike.length }))}
        </Details>
      ) : null}
    </>
  )
}

const shownAs = (strong: boolean, value: ReactNode): ReactNode =>
  value ? (
    strong ? (
      <strong className="font-semibold">{value}</strong>
    ) : (
      value
    )
  ) : (
    <span className="text-soft">–</span>
  )
