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
 * `POST /api/case/end`: "Clear this device". Ends the visit, sign-in, receipt, notifications and hold on a draft of this browser,
 * so that copied cookies open nothing, and tells the browser to delete all data of this site. A code to its contact opens the
 * draft again.
 *
 *
 * The browser is cleared even if the database cannot end them: they expire, and the next person at this device has no key.
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

/** Redirects to a page that confirms the end, and has the browser delete this site's data. */
function cleared(request: Request): Response {
  const answer = seeOther(pathFor(senderLocale(request), '/track/ended'))
  answer.headers.set('clear-site-data', '"cache", "cookies", "storage"')
  return answer
}
