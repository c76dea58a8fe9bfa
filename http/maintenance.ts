import '#server-only'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { currentMaintenance } from '#platform/maintenance.ts'
import type { RefusalWords } from './refusal-page.ts'

export { currentMaintenance } from '#platform/maintenance.ts'

/** Seconds for `Retry-After`: `unknown` without a planned end, and at least `least`, also after that end. */
const AGAIN = { most: 3_600, unknown: 300, least: 60 } as const

/** Returns the text of the current maintenance and the seconds for `Retry-After`; null if there is none. */
export function maintenanceWords(locale: Locale): { words: RefusalWords; seconds: number } | null {
  const found = currentMaintenance()
  if (found === null) return null
  const { maintenance } = catalogue[locale].errors
  const left = found.until && (found.until.getTime() - Date.now()) / 1000
  if (left === null || found.until === null || left <= 0)
    return { words: maintenance, seconds: left === null ? AGAIN.unknown : AGAIN.least }
  const time = formatInstant(locale, found.until, 'stamp')
  return {
    words: { ...maintenance, text: `${maintenance.until.replace('{time}', time)} ${maintenance.text}` },
    seconds: Math.round(Math.min(AGAIN.most, Math.max(AGAIN.least, left))),
  }
}
