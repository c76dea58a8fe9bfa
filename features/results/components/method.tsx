import { getTranslations } from 'next-intl/server'

const lines = ['how1', 'how2', 'how5', 'how6', 'how3', 'how4', 'howTrial'] as const

/** Shows how the figures are worked out, in words for everybody. */
export async function Method() {
  const t = await getTranslations('results')
  return (
    <section className="prose stack" aria-labelledby="how">
      <h2 id="how">{t('how')}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{t(line)}</li>
        ))}
      </ul>
    </section>
  )
}
