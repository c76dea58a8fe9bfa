import { evidencePost } from '#app/api/evidence-post.ts'
import { evidenceKind } from '#features/evidence/files/rules.ts'
import { phoneForEvidence } from '#features/phones/registrations/acts.ts'
import { openedPhones } from '#http/phones.ts'
import type { RouteHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'

export const access = 'holder of a list of phones’ cookie' satisfies Access

/** `POST /api/my-phones/{phone}/evidence`: papers of a phone in the list that this browser has opened. */
export const POST: RouteHandler<{ readonly phone: string }> = async (request, { params }) => {
  const { phone } = await params
  const post = evidencePost({
    draft: async (now) => {
      const scope = isUuid(phone) ? await openedPhones(now) : null
      return scope && phoneForEvidence(scope, phone)
    },
    start: { pathname: '/my-phones', query: { done: 'ended', fault: 'ended' } },
    page: (query) => ({ pathname: '/my-phones/[phone]', params: { phone }, query }),
    kindOf: evidenceKind,
    before: '/my-phones',
    after: async () => ({ pathname: '/my-phones/[phone]', params: { phone } }),
  })
  return post(request, { params: Promise.resolve({}) })
}
