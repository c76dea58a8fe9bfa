import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { RecoveryState } from './rules.ts'

/** Shows the owner how far their phone is on its way back, never who has it or where. */
export async function RecoveryCard({
  recovery,
  watchUntil,
}: {
  readonly recovery: { readonly state: RecoveryState } | null
  readonly watchUntil: Instant | null
}) {
  if (recovery === null) return null
  const [t, locale] = await Promise.all([getTranslations('recovery.owner'), getLocale()])
  const until = watchUntil === null ? 'none' : formatInstant(locale, watchUntil, 'moment')
  return (
    <Card>
      <div className="stack" data-recovery-state={recovery.state}>
        <h2>{t(`${recovery.state}.title`)}</h2>
        <p>{t(`${recovery.state}.text`, { until })}</p>
        {recovery.state === 'given_back' || recovery.state === 'ended' ? null : <p>{t('careful')}</p>}
      </div>
    </Card>
  )
}
