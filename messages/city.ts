import '#server-only'
import { CITY } from '#cities/city.ts'
import type { Locale } from './routing.ts'

/** Returns the names of the city, its police and its People's Committee, as values for messages. */
export const cityWords = (locale: Locale) => ({
  city: CITY.name[locale],
  police: CITY.police[locale],
  committee: CITY.committee[locale],
})
