import { z } from 'zod'
import { MAX_PAGES } from '#features/evidence/files/limits-rules.ts'
import { turnPage } from '#features/evidence/turning/acts.ts'
import { quarters } from '#features/evidence/turning/rules.ts'
import { formPost, seeOther } from '#http/form-post.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'case:disclose' satisfies Access

const LARGEST_FORM = 4096

const form = z.object({
  page: z.coerce.number().int().min(1).max(MAX_PAGES),
  turns: z.coerce.number().int().min(0).max(3),
})

/**
 * `POST /api/evidence/{id}/turn`: turns a page for all its viewers, by `turns` quarters to the right. Answers 303 to the page
 * that asked (`back`), which shows the result; a script gets 404 if it is refused.
 */
export const POST = formPost<{ readonly id: string }>({
  failed: (request) => seeOther(pathFor(senderLocale(request), '/admin/cases')),
  post: async (request, params) => {
    const locale = senderLocale(request)
    const cases = pathFor(locale, '/admin/cases')
    const tooLarge = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY) > LARGEST_FORM
    const fields = new URLSearchParams(tooLarge ? '' : await request.text())
    const back = safeRedirectPath(fields.get('back'))
    const staff = await currentStaff()
    if (!staff || !may(staff.role, access))
      return seeOther(pathFor(locale, { pathname: '/sign-in', query: { callbackUrl: back ?? cases } }))
    const id = z.uuid().safeParse(params.id)
    const sent = form.safeParse(Object.fromEntries(fields))
    const turned =
      id.success &&
      sent.success &&
      (await turnPage(staff, id.data, { page: sent.data.page, turns: quarters(sent.data.turns) }, new Date()))
    const answer = seeOther(back === null ? cases : `${back}#proof`)
    if (!turned && request.headers.get('accept') === 'application/json')
      return new Response(null, { status: 404 })
    return answer
  },
})
