import '#server-only'
import { CITY } from '#cities/city.ts'
import type { Locale } from './routing.ts'

/** Returns what the city, its police and its People's Committee are called: the values that sentences about them take. */
export const cityWords = (locale: Locale) => ({
  city: CITY.name[locale],
  police: CITY.police[locale],
  committee: CITY.committee[locale],
})
