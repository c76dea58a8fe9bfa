import { actPost } from '#app/api/act-post.ts'
import { actAsHolder, type HolderRefusal } from '#features/disputes/objections/acts.ts'
import { type HolderAct, isHolderAct } from '#features/disputes/objections/moves-rules.ts'
import { objectionForHolder } from '#features/disputes/objections/view-data.ts'
import { holderKind } from '#features/evidence/files/rules.ts'
import { openObjection, setObjectionFlash } from '#http/objection.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of an objection’s cookie' satisfies Access

const withoutWords = (act: HolderAct, files: number): Record<string, string> =>
  act === 'renew' || act === 'answer' || (act === 'reply' && files === 0)
    ? { message: `objection.${act}_empty` }
    : {}

const TOLD: readonly HolderRefusal[] = [
  'changed',
  'renewed_already',
  'renewed_late',
  'not_blocked',
  'open_already',
]
const faultOf = (refusal: HolderRefusal): Record<string, string> =>
  refusal === 'too_many'
    ? { evidence: 'evidence.too_many' }
    : { form: TOLD.includes(refusal) ? `objection.${refusal}` : 'objection.not_now' }

/**
 * `POST /api/objection/act`: one act of a phone's holder on the objection that this browser has open (`act`: reply, answer,
 * renew, withdraw).
 */
export const POST = actPost({
  open: async (now) => {
    const visit = await openObjection(now)
    const own = visit && (await objectionForHolder(visit.scope, visit.id))
    return visit && own && { ...visit, key: own.key }
  },
  opener: (fault) => ({ pathname: '/blocked/follow', query: { fault } }),
  page: (number) => ({ pathname: '/blocked/follow/[number]', params: { number } }),
  isAct: isHolderAct,
  withoutWords,
  run: async ({ scope, key }, posted, now) => {
    const done = await actAsHolder(scope, { ...posted, key, kind: holderKind(posted.kind) }, now)
    return done.ok ? null : faultOf(done.error)
  },
  setFlash: setObjectionFlash,
})
