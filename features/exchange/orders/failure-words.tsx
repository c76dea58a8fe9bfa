import { getTranslations } from 'next-intl/server'
import { failureOf } from './rules.ts'

/**
 * Returns a function that describes, for staff, why an order failed. A carrier's own code has no words here and is shown
 * unchanged.
 */
export async function failureWords(): Promise<(code: string | null | undefined) => string> {
  const t = await getTranslations('exchange.code')
  return (code) => {
    const known = failureOf(code)
    return known === 'rejected' && code && code !== known ? t('own', { code }) : t(known)
  }
}
