import { INCIDENT_TYPES, type IncidentType, parseIncidentAt } from '#domain/case/incident.ts'
import { type Instant, MINUTE, plus, UTC_OFFSET_MINUTES } from '#domain/time.ts'
import type { Answers, Reading } from './answers.ts'
import { FieldReader } from './field-reader.ts'

export interface IncidentAnswers {
  readonly incidentType: IncidentType
  readonly incidentAt: Instant
  /** A police area's id. */
  readonly district: string
  readonly place: string
  readonly story: string
}

const PLACE_MAX = 300
const STORY_MAX = 5_000

/** As `datetime-local` writes it, in the city's time: `2026-11-24T08:30`. */
export const writeLocal = (at: Instant): string =>
  plus(at, UTC_OFFSET_MINUTES * MINUTE)
    .toISOString()
    .slice(0, 16)

/** What happened. `areas` are the ids of the police areas there are. */
export function readIncident(
  typed: Answers,
  areas: readonly string[],
  now: Instant,
): Reading<IncidentAnswers> {
  const form = new FieldReader(typed)
  const incidentType = form.choice('incidentType', INCIDENT_TYPES)
  const incidentAt = form.parsed('incidentAt', parseIncidentAt(form.text('incidentAt'), now), writeLocal)
  const district = form.choice('district', areas)
  const place = form.free('place', PLACE_MAX, 'required')
  const story = form.free('story', STORY_MAX, 'optional')
  form.box('ownDevice')
  return form.done(
    () => incidentType && incidentAt && district && { incidentType, incidentAt, district, place, story },
  )
}
