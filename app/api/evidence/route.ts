import { evidencePost } from '#app/api/evidence-post.ts'
import { evidenceKind } from '#features/evidence/files/rules.ts'
import { draftForEvidence } from '#features/reporting/drafts/page-data.ts'
import { stepAfter, stepBefore } from '#features/reporting/steps/rules.ts'
import { draftCookie, sealForDraft } from '#http/draft.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

/** `POST /api/evidence`: the report's evidence step. A report can continue without files: evidence can be added later. */
export const POST = evidencePost({
  draft: async (now) => draftForEvidence(await draftCookie(), now),
  start: { pathname: '/report', query: { fault: 'no_draft' } },
  page: (query) => ({ pathname: '/report/evidence', query }),
  kindOf: evidenceKind,
  // The page on which the person chose to change the evidence.
  kept: (fields): Record<string, string> => (fields.get('from') === 'review' ? { from: 'review' } : {}),
  naming: async (fileName): Promise<Record<string, string>> => {
    const file = await sealForDraft(fileName)
    return file === null ? {} : { file }
  },
  before: `/report/${stepBefore('evidence')}`,
  after: async (fields) =>
    fields.get('from') === 'review' ? '/report/review' : `/report/${stepAfter('evidence')}`,
})
