import { getTranslations } from 'next-intl/server'
import { failureOf } from '../rules/order.ts'

/**
 * Returns a function that says why an order failed, for staff: a code of the carrier's own, for which there are no
 * words, is shown as it is.
 */
export async function failureWords(): Promise<(code: string | null | undefined) => string> {
  const t = await getTranslations('exchange.code')
  return (code) => {
    const known = failureOf(code)
    return known === 'rejected' && code && code !== known ? t('own', { code }) : t(known)
  }
}
