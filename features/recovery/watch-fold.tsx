import { getTranslations } from 'next-intl/server'
import { Checkbox } from '#components/form/choices.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'

/** Offers, behind one line of the report, to find the phone before it is blocked: nothing is ticked beforehand. */
export async function WatchFold() {
  const t = await getTranslations('recovery.wish')
  return (
    <FoldedFields summary={t('title')} names={['watchFirst']} stored>
      <p className="text-sm">{t('text')}</p>
      <Checkbox name="watchFirst" label={t('label')} />
    </FoldedFields>
  )
}
