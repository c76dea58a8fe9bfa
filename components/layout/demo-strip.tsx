import { getTranslations } from 'next-intl/server'

/** Says above every page that its content is invented, in one quiet line that fits a narrow phone. */
export async function DemoStrip() {
  const t = await getTranslations('common.demo')
  return (
    <aside
      aria-label={t('name')}
      className="border-b border-line bg-teal-wash px-4 py-1 text-center text-xs leading-5 text-teal-deep"
      data-demo
    >
      <b className="font-semibold">{t('name')}</b> · {t('text')}
    </aside>
  )
}
