import { unlockWithSecret } from '#features/cases/unlock/acts.ts'
import { clientAddress } from '#http/address.ts'
import { enterCase } from '#http/citizen.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { isLocale } from '#messages/routing.ts'

export const access = 'holder of a case’s link' satisfies Access

/**
 * `GET /k/<number>.<secret>`: the link and QR code of the receipt. It exchanges the secret for a session and redirects to an
 * address without it, so that the secret stays in no history, referrer or log.
 */
export const GET = routeHandler<{ link: string }>(async (request, params) => {
  const now = new Date()
  const [number = '', secret = ''] = params.link.split('.', 2)
  const unlocked = await unlockWithSecret({ number, secret }, clientAddress(request.headers), now)
  if (!unlocked.ok) return onTo(pathFor('vi', { pathname: '/track', query: { fault: unlocked.error } }))
  const { caseId, number: shown, locale } = unlocked.value
  await enterCase(caseId, 'full', now)
  return onTo(
    pathFor(isLocale(locale) ? locale : 'vi', { pathname: '/track/[number]', params: { number: shown } }),
  )
})

const onTo = (path: string): Response =>
  new Response(null, {
    status: 303,
    headers: {
      location: path,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    },
  })
