import { getTranslations } from 'next-intl/server'
import type { Tone } from '#components/ui/tag.tsx'
import type { ReadingHint } from '#features/evidence/readings/rules.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { isHoldAsked } from '../moves/rules.ts'
import type { QueueRow } from './rules.ts'

type LineFlag =
  | 'hold_asked'
  | 'hold'
  | 'objection'
  | 'conflict'
  | 'shared_imei'
  | 'tac'
  | 'imei_unknown'
  | 'lookup_answered'
  | 'lookup_late'
  | 'earlier'
  | 'desk'

export interface QueueLine extends Omit<QueueRow, 'unitId' | 'keys' | 'needsWork' | 'assigneeId' | 'at'> {
  readonly proof: { readonly files: number; readonly hint: ReadingHint | null }
  readonly unitName: string | null
}

type Line = Omit<QueueLine, 'unitName' | 'proof'>

/** Returns what a person must know to choose a case to work on, the most important first. */
export const flagsOf = (line: Line): LineFlag[] => [
  ...(isHoldAsked(line) ? (['hold_asked'] as const) : []),
  ...(line.holdUntil ? (['hold'] as const) : []),
  ...(line.objectedAt ? (['objection'] as const) : []),
  ...(line.held ? [line.held] : []),
  ...(line.imeiUnknown ? (['imei_unknown'] as const) : []),
  ...(line.imeiUnknown && line.lookup ? [`lookup_${line.lookup}` as const] : []),
  ...(line.tacMismatch ? (['tac'] as const) : []),
  ...(line.earlierId ? (['earlier'] as const) : []),
  ...(line.atDesk ? (['desk'] as const) : []),
]

export const toneOf = (flag: LineFlag): Tone =>
  flag === 'earlier' || flag === 'desk' ? 'plain' : flag === 'imei_unknown' ? 'wait' : 'bad'

/** Returns what happened and when: the time for today and yesterday, otherwise also the date, with the year if it is another. */
export async function happenedIn(locale: Locale, line: Line, now: Instant) {
  const [t, kinds] = await Promise.all([
    getTranslations({ locale, namespace: 'case-staff.queue' }),
    getTranslations({ locale, namespace: 'report.incident' }),
  ])
  const day = localDate(line.incidentAt)
  const near =
    day === localDate(now) ? 'today' : day === localDate(addMilliseconds(now, -DAY)) ? 'yesterday' : null
  const form = day.slice(0, 4) === localDate(now).slice(0, 4) ? 'day' : 'date'
  const date = near === null ? formatInstant(locale, line.incidentAt, form) : t(near)
  const time = line.told?.dayOnly ? '' : formatInstant(locale, line.incidentAt, 'time')
  return { kind: kinds(line.incidentType), when: [time, date].filter(Boolean).join(' ') }
}
