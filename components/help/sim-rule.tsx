import { getTranslations } from 'next-intl/server'
import { writtenTag } from '#components/ui/written.tsx'

/** Explains that since 15/6/2026 a carrier suspends a reissued SIM until its subscriber's face is verified. */
export async function SimRule({
  basis,
}: {
  /** The legal basis, as configured by the installation. */
  readonly basis: string
}) {
  const t = await getTranslations('help.simRule')
  return (
    <div className="stack text-sm" data-sim-rule>
      <p>{t('what')}</p>
      <p>{t('now')}</p>
      <p>{t('later')}</p>
      <p className="text-soft">{t.rich('basis', { basis, ...writtenTag })}</p>
    </div>
  )
}
