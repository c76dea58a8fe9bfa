import { getTranslations } from 'next-intl/server'

const steps = ['seen', 'decided', 'blocked'] as const

export async function HowItGoes() {
  const t = await getTranslations('home.how')
  return (
    <section aria-labelledby="how" className="stack">
      <h2 id="how">{t('title')}</h2>
      <ol className="stack">
        {steps.map((step) => (
          <li key={step} className="grid grid-cols-[5.5rem_1fr] gap-x-3">
            <b className="num text-teal">{t(`${step}.time`)}</b>
            <span>{t(`${step}.text`)}</span>
          </li>
        ))}
      </ol>
      <p className="text-sm text-soft">{t('returned')}</p>
    </section>
  )
}
