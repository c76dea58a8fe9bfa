import { endReports } from '#features/reporting/drafts/leave-acts.ts'
import { forgetReports, receiptCookies } from '#http/draft.ts'
import { formPost, seeOther } from '#http/form-post.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

/**
 * `POST /api/report/end`: ends a report that an officer wrote at the desk. Draft and receipt leave this browser, and the officer
 * stays signed in for the next person.
 */
export const POST = formPost({
  failed: (request) => seeOther(pathFor(senderLocale(request), '/report')),
  post: async (request) => {
    await endReports(await receiptCookies())
    await forgetReports()
    const answer = seeOther(pathFor(senderLocale(request), '/admin/cases/new'))
    answer.headers.set('clear-site-data', '"cache"')
    return answer
  },
})
