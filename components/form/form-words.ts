import { getTranslations } from 'next-intl/server'
import type { FormWords } from './form-context.ts'

/** Returns the words that every form says by itself, in the page's language. */
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
