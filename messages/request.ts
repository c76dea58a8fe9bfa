import { getRequestConfig } from 'next-intl/server'
import type {} from 'use-intl'
import { TIME_ZONE } from '#lib/time.ts'
import { catalogue, type Messages } from '#messages/catalogue.ts'
import { defaultLocale, isLocale, type Locale } from './routing.ts'

declare module 'use-intl' {
  interface AppConfig {
    Locale: Locale
    Messages: Messages
  }
}

export default getRequestConfig(async ({ requestLocale }) => {
  const requested = await requestLocale
  const locale = requested !== undefined && isLocale(requested) ? requested : defaultLocale
  return { locale, messages: catalogue[locale], timeZone: TIME_ZONE }
})
