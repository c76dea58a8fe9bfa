import { endReports } from '#features/reporting/commands/leave.ts'
import { forgetEverything, leaveCase } from '#http/citizen.ts'
import { receiptCookies } from '#http/draft.ts'
import { formPost, seeOther } from '#http/form-post.ts'
import { leaveIdentity } from '#http/identity.ts'
import { leaveObjection } from '#http/objection.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

/**
 * `POST /api/case/end`: "End and clear". Visit, sign-in, receipt and this browser's hold on a draft are over, so that no
 * copy of their cookies opens anything, and the browser is told to drop all that this site has left in it. The draft
 * waits for its owner's code.
 */
export const POST = formPost({
  failed: (request) => seeOther(pathFor(senderLocale(request), '/track')),
  post: async (request) => {
    await Promise.all([
      leaveCase(),
      leaveObjection(),
      leaveIdentity(new Date()),
      endReports(await receiptCookies()),
    ])
    await forgetEverything()
    const answer = seeOther(pathFor(senderLocale(request), '/track/ended'))
    answer.headers.set('clear-site-data', '"cache", "cookies", "storage"')
    return answer
  },
})
