import { getTranslations } from 'next-intl/server'
import { EndButton } from '#components/layout/end-button.tsx'

/** Explains what stays on a borrowed device, with a button that clears it. */
export async function EndVisit() {
  const t = await getTranslations('case.page')
  return (
    <section className="card stack print-hidden">
      <h2 className="text-lg md:text-xl">{t('endTitle')}</h2>
      <p className="text-sm text-soft">{t('endText')}</p>
      <EndButton />
    </section>
  )
}
