import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ReportStep } from '#features/reporting/steps/rules.ts'

export const stepMetadata = (step: ReportStep | 'saved') => async (): Promise<Metadata> => {
  const t = await getTranslations('report')
  return { title: `${t(`steps.${step}`)} – ${t('title')}` }
}
