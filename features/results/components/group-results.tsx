import { getTranslations } from 'next-intl/server'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import type { Band } from '../rules/comparison.ts'
import { type AgencyFigures, placeOf } from '../rules/results.ts'
import { ResultsTable } from './results-table.tsx'

export interface GroupResultsProps {
  readonly id: string
  readonly title: string
  readonly agencies: readonly AgencyFigures[]
  /**
   * `band`: agencies that differ from the others are listed apart, each band in the usual order. Null: they are not
   * compared.
   */
  readonly order: 'usual' | 'band' | null
}

const BANDS = ['above', 'same', 'below', null] as const satisfies readonly (Band | null)[]

/** Renders one group's agencies in the usual order or by band; nothing where the group is empty. */
export async function GroupResults({ id, title, agencies, order }: GroupResultsProps) {
  const t = await getTranslations('results.band')
  if (agencies.length === 0) return null
  const compared = order !== null
  const banded = agencies.some(({ band }) => band !== null)
  const alone = agencies.some((one) => placeOf(one) === 'alone')
  return (
    <PhoneFold id={id} title={title}>
      {order !== 'band' || !banded ? (
        <ResultsTable
          caption={title}
          agencies={agencies}
          compared={compared}
          banded={banded || (compared && alone)}
        />
      ) : (
        BANDS.map((band) => {
          const some = agencies.filter((one) => one.band === band)
          if (some.length === 0) return null
          const name = t(band === null ? 'noneTitle' : `${band}Title`)
          return (
            <section key={String(band)} className="stack pt-3">
              <h3>{name}</h3>
              <ResultsTable caption={`${title}: ${name}`} agencies={some} compared />
            </section>
          )
        })
      )}
    </PhoneFold>
  )
}
