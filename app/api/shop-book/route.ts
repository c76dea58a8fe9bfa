import { getTranslations } from 'next-intl/server'
import { takeBook } from '#features/check/book/acts.ts'
import { seeOther } from '#http/form-post.ts'
import { routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { csvLine } from '#lib/csv.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'imei:check_list' satisfies Access

/** `GET /api/shop-book`: what a shop has bought and sold, as CSV for an inspection. */
export const GET = routeHandler(async (request) => {
  const locale = senderLocale(request)
  const staff = await currentStaff()
  if (!staff || !may(staff.role, access)) {
    const query = { callbackUrl: pathFor(locale, '/admin/shop/book') }
    return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
  }
  const t = await getTranslations({ locale, namespace: 'shop.book' })
  const lines = await takeBook(staff, new Date())
  const rows = [
    [t('at'), t('kind'), 'IMEI', t('paper'), t('then'), t('now')],
    ...lines.map(({ at, kind, imei, paper, reported, reportedNow }) => [
      ...[formatInstant(locale, at, 'stamp'), t(kind), imei, paper],
      ...[reported, reportedNow].map((yes) => t(yes ? 'reported' : 'clear')),
    ]),
  ]
  // The mark at its beginning has every sheet read it as UTF-8.
  return new Response(`\ufeff${rows.map(csvLine).join('')}`, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="so-mua-ban.csv"',
      'cache-control': 'private, no-store',
    },
  })
})
