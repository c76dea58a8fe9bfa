import { actPost } from '#app/api/act-post.ts'
import { actAsCitizen, type CitizenRefusal } from '#features/cases/citizen/acts.ts'
import { keyForAct } from '#features/cases/citizen/data.ts'
import { type CitizenAct, formOf, isCitizenAct, isDataAct } from '#features/cases/citizen/rules.ts'
import type { CitizenForm } from '#features/cases/moves/spec-rules.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { evidenceKind } from '#features/evidence/files/rules.ts'
import { askAboutData, type DataRequestRefusal } from '#features/privacy/requests/acts.ts'
import { citizenCase, setCaseFlash } from '#http/citizen.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of a case’s cookie' satisfies Access

/**
 * `POST /api/case/act`: one act of a citizen on the case that this browser has open (`act`: reply, answer_objection,
 * withdraw, undo_withdraw, appeal, request_unblock, undo_unblock, give_imei, add_imei, add_facts, ask_correction,
 * ask_erasure, withdraw_consent). After a code alone: undo_withdraw, without files.
 */
export const POST = actPost({
  open: async (now) => {
    const visit = await citizenCase(now)
    const key = visit && (await keyForAct(visit.scope, visit.caseId))
    return visit && key && { ...visit, key }
  },
  opener: (fault) => ({ pathname: '/track', query: { fault } }),
  page: (number) => ({ pathname: '/track/[number]', params: { number } }),
  isAct: isCitizenAct,
  withoutWords,
  run: async ({ scope, caseId, key }, { kind, files, ...posted }, now) => {
    const { act } = posted
    if (isDataAct(act)) await removeEvidenceFiles(files.map(({ id }) => id))
    const done = isDataAct(act)
      ? await askAboutData(scope, { ...posted, caseId, act }, now)
      : await actAsCitizen(scope, { ...posted, key, act, kind: evidenceKind(kind), files }, now)
    return done.ok ? null : faultOf(done.error)
  },
  setFlash: setCaseFlash,
})

/** Returns the fault of an act that needs a message and has none; no fault if its files are enough. */
function withoutWords(act: CitizenAct, files: number): Record<string, string> {
  const { message }: CitizenForm = formOf(act)
  const { empty } = message ?? {}
  return empty && !(empty.unlessFiles && files > 0) ? { message: `track.${empty.fault}` } : {}
}

function faultOf(refusal: CitizenRefusal | DataRequestRefusal): Record<string, string> {
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
    case 'changed':
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
