import { weekOf } from '#features/kiosks/rules.ts'
import { PublicWords, type WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { countGraphemes } from '#lib/text-normalization.ts'
import { DAY, type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'

/** The weeks of an agency's kiosks that are taken out, by their Mondays, and the reason that everybody will read. */
export interface KioskRemoval {
  readonly agencyId: string
  readonly from: string
  readonly to: string
  readonly reasonVi: string
  readonly reasonEn: string | null
}

/** So many weeks at once: half a year. */
const WEEKS_MOST = 26
/** A shorter reason says nothing to its readers. */
const REASON_LEAST = 10

/** Reads which weeks are taken out and why. Any day names its week; a week that has not begun has nothing to take out. */
export function readRemoval(
  typed: RawForm,
  knowsAgency: boolean,
  now: Instant,
): Result<KioskRemoval, WordFaults> {
  const words = new PublicWords(typed)
  const agencyId = lastValue(typed, 'agencyId')
  if (!knowsAgency) words.faults.agencyId = 'kiosk.agency'
  const [from, to] = (['from', 'to'] as const).map((field) => {
    const day = parseDay(lastValue(typed, field))
    if (!day.ok) words.faults[field] = `removal.${day.error}`
    else if (localDate(day.value) > localDate(now)) words.faults[field] = 'removal.future'
    else return weekOf(day.value)
    return ''
  }) as [string, string]
  if (from !== '' && to !== '') {
    const weeks = (Date.parse(to) - Date.parse(from)) / (7 * DAY) + 1
    if (weeks < 1) words.faults.to = 'removal.order'
    if (weeks > WEEKS_MOST) words.faults.to = 'removal.long'
  }
  const reasonVi = words.text('reason', 'reversal', true) ?? ''
  const reasonEn = words.text('reasonEn', 'reversal', false)
  if (countGraphemes(reasonVi) < REASON_LEAST) words.faults.reason = 'reversal.empty'
  return words.result({ agencyId, from, to, reasonVi, reasonEn })
}
