import { INCIDENT_TYPES, type IncidentType } from '#features/cases/submission/incident-rules.ts'
import { type Protection, readProtections } from '#features/first-hour/rules.ts'
import type { Instant } from '#lib/time.ts'
import {
  type DraftFields,
  FieldReader,
  type FieldReading,
  isBlank,
  type ReadArea,
} from '../fields/reader-rules.ts'
import type { TextsOf } from '../fields/rules.ts'
import { readWhen, showWhen, writeLocal } from './when-rules.ts'

export interface IncidentAnswers extends TextsOf<'incident'> {
  readonly incidentType: IncidentType
  readonly incidentAt: Instant
  /** Id of a police area. */
  readonly district: string
  readonly secured: readonly Protection[]
}

/** Reads the incident. `areas` are the ids of the areas in force, or a function that finds one. */
export function readIncident(
  typed: DraftFields,
  areas: readonly string[] | ReadArea,
  now: Instant,
): FieldReading<IncidentAnswers> {
  const form = new FieldReader(typed)
  const incidentType = form.choice('incidentType', INCIDENT_TYPES)
  const incidentAt = readAt(form, now)
  const district = typeof areas === 'function' ? form.area(areas) : form.choice('district', areas)
  const secured = readProtections(form.text('secured'))
  form.keep('secured', secured.join(' '))
  const texts = form.texts('incident')
  return form.done(
    () => incidentType && incidentAt && district && { incidentType, incidentAt, district, secured, ...texts },
  )
}

/** Reads when it happened. It keeps the resulting day and time, never "today": a draft is read again on other days. */
function readAt(form: FieldReader, now: Instant): Instant | null {
  const typed = {
    incidentWhen: form.text('incidentWhen'),
    incidentTime: form.text('incidentTime'),
    incidentAt: form.text('incidentAt'),
  }
  const read = readWhen(typed, now)
  const isOther = typed.incidentWhen === 'other' || (!read.ok && read.error.field === 'incidentAt')
  form.keep('incidentWhen', read.ok || isOther ? 'other' : '')
  form.keep('incidentTime', '')
  form.keep('incidentAt', read.ok ? writeLocal(read.value) : isOther ? typed.incidentAt : '')
  return read.ok ? read.value : form.refuse(read.error.field, read.error.fault)
}

/** Returns the answers for the step's form: a kept day and time becomes "today" or "yesterday" where that fits. */
export function shownIncident(answers: DraftFields, now: Instant): DraftFields {
  if (isBlank(answers.incidentAt ?? '')) return answers
  const read = readWhen(
    { incidentWhen: 'other', incidentTime: '', incidentAt: answers.incidentAt ?? '' },
    now,
  )
  return read.ok ? { ...answers, ...showWhen(read.value, now) } : answers
}
