import { createTranslator } from 'use-intl/core'
import { TIME_ZONE } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import type { Locale } from '#messages/routing.ts'

/**
 * Replaces `next-intl/server` in tests that render a page: `vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))`.
 */
export const page: { locale: Locale } = { locale: 'vi' }

export const getLocale = async (): Promise<Locale> => page.locale

export async function getTranslations(
  asked?: string | { readonly locale?: Locale; readonly namespace?: string },
) {
  const { locale = page.locale, namespace } = typeof asked === 'string' ? { namespace: asked } : (asked ?? {})
  return createTranslator({
    ...{ locale, messages: catalogue[locale], timeZone: TIME_ZONE },
    ...(namespace !== undefined && { namespace: namespace as 'report' }),
  })
}
