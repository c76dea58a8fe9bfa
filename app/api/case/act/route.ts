import { actPost } from '#app/api/act-post.ts'
import { isCitizenAct, isDataAct } from '#domain/case/citizen-acts.ts'
import { evidenceKind } from '#domain/evidence/kind.ts'
import { actAsCitizen } from '#server/cases/commands/citizen.ts'
import { keyForCitizen } from '#server/cases/loaders/citizen.ts'
import { citizenCase, leaveForNextPage } from '#server/entry/citizen.ts'
import { removeEvidenceFiles } from '#server/evidence/commands.ts'
import { askAboutData } from '#server/privacy/commands/ask.ts'
import { faultOf, withoutWords } from './faults.ts'

/**
 * `POST /api/case/act`: one act of a citizen on the case that this browser has open (`act`: reply, answer_objection, withdraw,
 * undo_withdraw, appeal, request_unblock, undo_unblock, ask_correction, ask_erasure, withdraw_consent).
 */
export const POST = actPost({
  open: async (now) => {
    const visit = await citizenCase(now)
    const key = visit && (await keyForCitizen(visit.scope, visit.caseId))
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
  leave: leaveForNextPage,
})
