import { cookies } from 'next/headers'
import { foreignOrigin } from '#app/foreign-origin.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { dropReportCookies, receiptCookies } from '#server/entry/draft.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { forgetReceipts } from '#server/reports/commands/leave.ts'

export const dynamic = 'force-dynamic'

/**
 * `POST /api/leave`: "end and clear this device". Ends what this browser can still open and has it forget
 * everything of this site; on plain http, where browsers ignore that header, the cookies are dropped one by one.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => seeOther(pathFor(senderLocale(request), '/')),
  post: async (request) => {
    await forgetReceipts(await receiptCookies())
    await dropReportCookies()
    for (const { name } of (await cookies()).getAll()) (await cookies()).delete(name)
    const answer = seeOther(pathFor(senderLocale(request), '/'))
    answer.headers.set('clear-site-data', '"cache", "cookies", "storage"')
    return answer
  },
})
