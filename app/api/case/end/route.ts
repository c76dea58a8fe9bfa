import { endReports } from '#features/reporting/drafts/leave-acts.ts'
import { endCaseVisit, forgetEverything } from '#http/citizen.ts'
import { receiptCookies } from '#http/draft.ts'
import { formPost, seeOther } from '#http/form-post.ts'
import { endCitizenSession } from '#http/identity.ts'
import { endObjectionVisit } from '#http/objection.ts'
import { forgetOwnDevice } from '#http/own-device.ts'
import { endPhonesVisit } from '#http/phones.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'anybody' satisfies Access

/**
 * `POST /api/case/end`: "Clear this device". Ends visit, sign-in, receipt, what this browser is told and its hold on a draft, so that a
 * copy of their cookies opens nothing, and tells the browser to delete everything of this site. The draft is opened
 * again with a code to its contact.
 *
 * The browser is cleared even where the database could not end them: they end by time, and the next person at this
 * device has no key.
 */
export const POST = formPost({
  failed: cleared,
  post: async (request) => {
    await forgetEverything([
      endCaseVisit(),
      endObjectionVisit(),
      endPhonesVisit(),
      endCitizenSession(new Date()),
      forgetOwnDevice(new Date()),
      receiptCookies().then(endReports),
    ])
    return cleared(request)
  },
})

/** Shows that all is over, and has the browser drop what it keeps of this site. */
function cleared(request: Request): Response {
  const answer = seeOther(pathFor(senderLocale(request), '/track/ended'))
  answer.headers.set('clear-site-data', '"cache", "cookies", "storage"')
  return answer
}
