import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'

const lines = ['how1', 'how2', 'how5', 'how6', 'how3', 'how4', 'howTrial'] as const

/** Shows how the figures are worked out, in words for everybody. */
export async function MethodLines() {
  const t = await getTranslations('results')
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{t(line)}</li>
      ))}
    </ul>
  )
}

/** Renders the method as a folded part of a page, because readers of figures want the figures first. */
export async function Method() {
  const t = await getTranslations('results')
  return (
    <section aria-labelledby="how">
      <h2 id="how" className="sr-only">
        {t('how')}
      </h2>
      <div className="folds">
        <Details summary={t('how')} look="row">
          <MethodLines />
        </Details>
      </div>
    </section>
  )
}
