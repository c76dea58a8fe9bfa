import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Telephone } from '#components/ui/telephone.tsx'
import { hotlines } from '#features/exchange/rules/hotlines.ts'
import { Line, Lines, type LinesLook } from './lines.tsx'

/** Renders each carrier's numbers to lock a SIM, as links that dial. */
export async function SimLines({ look = 'cards' }: { readonly look?: LinesLook }) {
  const t = await getTranslations('hotlines.sim')
  return (
    <section id="sim" aria-labelledby="sim-title" className="stack">
      <h2 id="sim-title" className={look === 'rows' ? 'text-base' : undefined}>
        {t('title')}
      </h2>
      <p className={look === 'rows' ? 'text-sm' : undefined}>{t('text')}</p>
      <SimNumbers look={look} />
      <p className="text-sm text-soft">{t('short')}</p>
    </section>
  )
}

/** Renders the same behind one line. */
export async function SimFold() {
  const t = await getTranslations('hotlines.sim')
  return (
    <Details summary={t('fold', { count: hotlines.length })}>
      <SimNumbers look="rows" />
      <p className="text-sm text-soft">{t('short')}</p>
    </Details>
  )
}

const SimNumbers = ({ look }: { readonly look: LinesLook }) => (
  <Lines look={look}>
    {hotlines.map(({ carrier, name, numbers }) => (
      <Line key={carrier} name={name} look={look}>
        {numbers.map((number) => (
          <Telephone key={number} number={number} />
        ))}
      </Line>
    ))}
  </Lines>
)
