import { getTranslations } from 'next-intl/server'
import type { FormWords } from './form-context.ts'

export async function formWords(): Promise<FormWords> {
  const t = await getTranslations('common.form')
  return {
    summary: t('summary'),
    optional: t('optional'),
    pending: t('pending'),
    errorTitle: t('errorTitle'),
    cutOff: t('cutOff'),
  }
}
