import { weekOf } from '#features/kiosks/rules.ts'
import { PublicWords, type WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { countGraphemes } from '#lib/text-normalization.ts'
import { DAY, type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'

/** The weeks of an agency's kiosks that are removed, by their Mondays, and the public reason. */
export interface KioskRemoval {
  readonly agencyId: string
  readonly from: string
  readonly to: string
  readonly reasonVi: string
  readonly reasonEn: string | null
}

/** The most weeks in one removal: half a year. */
const WEEKS_MOST = 26
/** In graphemes. A shorter reason says nothing to its readers. */
const REASON_LEAST = 10

/** Reads the weeks to remove and the reason. Any day stands for its week; a future day is a fault. */
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
