import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'
import { cookieOfLink } from '#server/accounts/commands/browser-link.ts'
import { keepDevice } from '#server/entry/session.ts'

export const dynamic = 'force-dynamic'

/**
 * `GET /k/browser/<token>`: the mailed link of a person who signs in from a new browser after others guessed at their account.
 * This browser's tries are counted by themselves from now on; signing in still takes password and code.
 */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  const cookie = await cookieOfLink((await params).token, new Date())
  if (cookie !== null) await keepDevice(cookie)
  const query = cookie === null ? { error: 'link_gone' } : { known: '1' }
  return new Response(null, {
    status: 303,
    headers: {
      location: pathFor(senderLocale(request), { pathname: '/sign-in', query }),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    },
  })
}
