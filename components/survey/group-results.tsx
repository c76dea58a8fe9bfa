import { getTranslations } from 'next-intl/server'
import type { Band } from '#domain/survey/comparison.ts'
import type { AgencyFigures } from '#domain/survey/results.ts'
import { ResultsTable } from './results-table.tsx'

export interface GroupResultsProps {
  readonly id: string
  readonly title: string
  readonly agencies: readonly AgencyFigures[]
  /** `band`: those that differ from the others apart; within a band as usual. */
  readonly order: 'usual' | 'band'
}

const BANDS = ['above', 'same', 'below', null] as const satisfies readonly (Band | null)[]

/** One group's agencies: in the usual order, or by how they stand beside each other. Nothing where there is none. */
export async function GroupResults({ id, title, agencies, order }: GroupResultsProps) {
  const t = await getTranslations('results.band')
  if (agencies.length === 0) return null
  const banded = agencies.some(({ band }) => band !== null)
  return (
    <section className="stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {order === 'usual' || !banded ? (
        <ResultsTable caption={title} agencies={agencies} banded={banded} />
      ) : (
        BANDS.map((band) => {
          const some = agencies.filter((one) => one.band === band)
          if (some.length === 0) return null
          const name = t(band === null ? 'noneTitle' : `${band}Title`)
          return (
            <section key={String(band)} className="stack pt-3">
              <h3>{name}</h3>
              <ResultsTable caption={`${title}: ${name}`} agencies={some} />
            </section>
          )
        })
      )}
    </section>
  )
}
