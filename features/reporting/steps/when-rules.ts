import { type IncidentAtFault, parseIncidentAt } from '#features/cases/submission/incident-rules.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import {
  addMilliseconds,
  DAY,
  fromLocal,
  type Instant,
  localDate,
  MINUTE,
  UTC_OFFSET_MINUTES,
} from '#lib/time.ts'

/** Answers to when it happened. `today` and `yesterday` need a time of day, `other` a day and a time. */
export const INCIDENT_WHENS = ['now', 'today', 'yesterday', 'other'] as const

interface TypedWhen {
  readonly incidentWhen: string
  readonly incidentTime: string
  readonly incidentAt: string
}

type TimeFault = 'empty' | 'format' | 'impossible' | 'future'
/** A phone's clock may run ahead of ours. */
const TOLERANCE = 5 * MINUTE

/** Until this hour people who are still awake call the previous day "today". */
const NIGHT_ENDS = 5

export const writeLocal = (at: Instant): string =>
  addMilliseconds(at, UTC_OFFSET_MINUTES * MINUTE)
    .toISOString()
    .slice(0, 16)

/**
 * Computes when it happened from the answers. A future time "today" is refused, except in the small hours: there "today at 23:59"
 * can only mean the evening before. A day and time without a choice is read as `other`.
 */
export function readWhen(
  typed: TypedWhen,
  now: Instant,
): Result<
  Instant,
  | { readonly field: 'incidentWhen'; readonly fault: 'empty' }
  | { readonly field: 'incidentTime'; readonly fault: TimeFault }
  | { readonly field: 'incidentAt'; readonly fault: IncidentAtFault }
> {
  const when = INCIDENT_WHENS.find((one) => one === typed.incidentWhen)
  if (when === 'now') return ok(new Date(Math.floor(now.getTime() / MINUTE) * MINUTE))
  if (when === 'today' || when === 'yesterday') {
    const at = readTime(typed.incidentTime, when, now)
    return at.ok ? at : err({ field: 'incidentTime', fault: at.error })
  }
  if (when === undefined && stripInvisible(typed.incidentAt).trim() === '')
    return err({ field: 'incidentWhen', fault: 'empty' })
  const at = parseIncidentAt(typed.incidentAt, now)
  return at.ok ? at : err({ field: 'incidentAt', fault: at.error })
}

/** A time of day: `20:30`, or as people write it, `8h30`, `20.30`, `8 giờ`. */
const TIME = /^(?<hour>\d{1,2})\s*(?:[:h.]|giờ)\s*(?<minute>\d\d)?(?::\d\d)?$/iu

function readTime(input: string, when: 'today' | 'yesterday', now: Instant): Result<Instant, TimeFault> {
  const text = stripInvisible(input).normalize('NFKC').trim()
  if (text === '') return err('empty')
  const parts = TIME.exec(text)?.groups
  if (parts === undefined) return err('format')
  const on = (day: Instant) => atTime(localDate(day), Number(parts.hour), Number(parts.minute ?? 0))
  const yesterday = addMilliseconds(now, -DAY)
  const at = on(when === 'today' ? now : yesterday)
  if (at === null) return err('impossible')
  if (at <= addMilliseconds(now, TOLERANCE)) return ok(at)
  return localHour(now) < NIGHT_ENDS ? ok(on(yesterday) ?? at) : err('future')
}

function atTime(day: string, hour: number, minute: number): Instant | null {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return fromLocal(year, month, date, hour, minute)
}

const localHour = (at: Instant): number => Number(writeLocal(at).slice(11, 13))

/** Returns form answers for an instant; reading them again gives the same instant. */
export function showWhen(at: Instant, now: Instant): TypedWhen {
  const [day = '', time = ''] = writeLocal(at).split('T')
  if (day === localDate(now)) return { incidentWhen: 'today', incidentTime: time, incidentAt: '' }
  if (day === localDate(addMilliseconds(now, -DAY)))
    return { incidentWhen: 'yesterday', incidentTime: time, incidentAt: '' }
  const [year, month, date] = day.split('-')
  return { incidentWhen: 'other', incidentTime: '', incidentAt: `${date}/${month}/${year} ${time}` }
}
