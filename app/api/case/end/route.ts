import { foreignOrigin } from '#app/foreign-origin.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { forgetEverything, leaveCase } from '#server/entry/citizen.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'

/**
 * `POST /api/case/end`: "End and clear". The visit is over, so that no copy of its cookie opens anything, and the
 * browser is told to drop all that this site has left in it.
 */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => seeOther(pathFor(senderLocale(request), '/track')),
  post: async (request) => {
    await leaveCase()
    await forgetEverything()
    const answer = seeOther(pathFor(senderLocale(request), '/track/ended'))
    answer.headers.set('clear-site-data', '"cache", "cookies", "storage"')
    return answer
  },
})
