import { getLocale, getTranslations } from 'next-intl/server'

/** Renders the free-text questions with the number of answers and their readers, but never the answers themselves. */
export async function TextQuestions({
  texts,
}: {
  readonly texts: readonly {
    readonly version: number
    readonly key: string
    readonly vi: string
    readonly en: string
    /** Rounded down to the ten. */
    readonly answers: number
  }[]
}) {
  if (texts.length === 0) return null
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.texts')])
  return (
    <section className="stack" aria-labelledby="text-questions">
      <h2 id="text-questions">{t('title')}</h2>
      <p className="text-soft">{t('lead')}</p>
      <dl className="space-y-3">
        {texts.map(({ version, key, vi, en, answers }) => (
          <div key={`${version} ${key}`} data-text-question={key} data-answers={answers}>
            <dt className="font-semibold">{locale === 'vi' ? vi : en}</dt>
            <dd className="num text-soft">{answers === 0 ? t('few') : t('answers', { count: answers })}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
