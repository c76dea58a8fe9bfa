import { INCIDENT_TYPES, type IncidentType, parseIncidentAt } from '#features/cases/rules/incident.ts'
import { addMilliseconds, type Instant, MINUTE, UTC_OFFSET_MINUTES } from '#lib/time.ts'
import type { Answers, Reading } from './answers.ts'
import { FieldReader } from './field-reader.ts'
import type { TextsOf } from './fields.ts'

export interface IncidentAnswers extends TextsOf<'incident'> {
  readonly incidentType: IncidentType
  readonly incidentAt: Instant
  /** A police area's id. */
  readonly district: string
}

/** As `datetime-local` writes it, in the city's time: `2026-11-24T08:30`. */
export const writeLocal = (at: Instant): string =>
  addMilliseconds(at, UTC_OFFSET_MINUTES * MINUTE)
    .toISOString()
    .slice(0, 16)

/** Reads what happened. `areas` are the ids of the police areas there are. */
export function readIncident(
  typed: Answers,
  areas: readonly string[],
  now: Instant,
): Reading<IncidentAnswers> {
  const form = new FieldReader(typed)
  const incidentType = form.choice('incidentType', INCIDENT_TYPES)
  const incidentAt = form.parsed('incidentAt', parseIncidentAt(form.text('incidentAt'), now), writeLocal)
  const district = form.choice('district', areas)
  const texts = form.texts('incident')
  form.box('ownDevice')
  return form.done(
    () => incidentType && incidentAt && district && { incidentType, incidentAt, district, ...texts },
  )
}
