import type { CitizenRefusal } from '#features/cases/citizen/acts.ts'
import { type CitizenAct, formOf } from '#features/cases/citizen/rules.ts'
import type { CitizenForm } from '#features/cases/moves/spec-rules.ts'
import type { DataRequestRefusal } from '#features/privacy/requests/acts.ts'

/**
 * Returns the fault of an act that comes without the words it needs; none where the files that it brings are enough.
 */
export function withoutWords(act: CitizenAct, files: number): Record<string, string> {
  const { message }: CitizenForm = formOf(act)
  const { empty } = message ?? {}
  return empty && !(empty.unlessFiles && files > 0) ? { message: `track.${empty.fault}` } : {}
}

export function faultOf(refusal: CitizenRefusal | DataRequestRefusal): Record<string, string> {
  if (typeof refusal === 'object') return refusal.faults
  switch (refusal) {
    case 'facts_missing':
      return { form: 'track.facts_missing' }
    case 'too_many':
      return { evidence: 'evidence.too_many' }
    case 'correction_empty':
      return { message: 'track.correction_empty' }
    case 'correction_field':
      return { correctField: 'general.invalid' }
    case 'correction_invalid':
    case 'correction_same':
      return { correctValue: `privacy.${refusal}` }
    case 'text_missing':
      return { message: 'track.appeal_empty' }
    case 'imei_missing':
      return { imei1: 'track.imei_missing' }
    case 'imei_repeated':
    case 'imeis_too_many':
      return { imei1: `track.${refusal}` }
    case 'imei_not_named':
      return { imeiChoice: 'case.imei_not_named' }
    case 'no_proof':
      return { evidence: 'track.imei_no_proof' }
    case 'imei_known':
    case 'stale':
    case 'appeal_used':
    case 'appeal_late':
    case 'reported_anew':
    case 'asked':
    case 'no_consent':
      return { form: `track.${refusal}` }
    case 'legal_hold':
    case 'conflict':
    case 'not_over':
    case 'order_in_force':
    case 'erased':
      return { form: `track.kept_${refusal}` }
    default:
      return { form: 'track.not_now' }
  }
}
