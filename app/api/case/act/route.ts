import { actPost } from '#app/api/act-post.ts'
import { actAsCitizen } from '#features/cases/citizen/acts.ts'
import { keyForAct } from '#features/cases/citizen/data.ts'
import { isCitizenAct, isDataAct } from '#features/cases/citizen/rules.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { evidenceKind } from '#features/evidence/files/rules.ts'
import { askAboutData } from '#features/privacy/requests/acts.ts'
import { citizenCase, setCaseFlash } from '#http/citizen.ts'
import type { Access } from '#lib/access/access.ts'
import { faultOf, withoutWords } from './faults.ts'

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
