import { evidencePost } from '#app/api/evidence-post.ts'
import { chooseInspection } from '#features/disputes/drafts/acts.ts'
import { findObjectionForEvidence, readObjectionDraft } from '#features/disputes/drafts/data.ts'
import { holderKind } from '#features/evidence/files/rules.ts'
import { objectionCookie } from '#http/objection.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of the cookie of an objection’s draft' satisfies Access

/**
 * `POST /api/objection/evidence`: the evidence of an objection. A photo of the screen is accepted only while its word is valid.
 */
export const POST = evidencePost({
  draft: async (now) => findObjectionForEvidence(await objectionCookie(), now),
  start: '/blocked/object',
  page: (query) => ({ pathname: '/blocked/object/proof', query }),
  kindOf: holderKind,
  untimely: (draft, kind) => (draft.wordEnded && kind === 'screen' ? 'word_ended' : null),
  alsoSave: async (fields, now) =>
    chooseInspection(await objectionCookie(), fields.get('inspection') === 'on', now),
  before: '/blocked/object',
  after: async (_fields, now) =>
    (await readObjectionDraft(await objectionCookie(), now))?.shown
      ? '/blocked/object/person'
      : { missing: 'not_shown' },
})
