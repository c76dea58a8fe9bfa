import { getTranslations } from 'next-intl/server'
import { takeBook } from '#features/check/book/acts.ts'
import type { BookedPhone } from '#features/check/book/data.ts'
import { csvFile } from '#http/csv-file.ts'
import { seeOther } from '#http/form-post.ts'
import { routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { csvForSheets, csvLine } from '#lib/csv.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'book:take' satisfies Access

/** `GET /api/shop-book`: a shop's purchases and sales as CSV for an inspection, streamed. */
export const GET = routeHandler(async (request) => {
  const locale = senderLocale(request)
  const staff = await currentStaff()
  const book = staff && (await takeBook(staff, new Date()))
  if (!book?.ok) {
    const query = { callbackUrl: pathFor(locale, '/admin/shop/book') }
    return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
  }
  return csvFile('so-mua-ban', await csvOf(book.value, locale))
})

async function csvOf(book: AsyncIterable<readonly BookedPhone[]>, locale: Locale) {
  const t = await getTranslations({ locale, namespace: 'shop' })
  const head = ['at', 'kind', 'imei', 'paper', 'then', 'now'] as const
  const say = (reported: boolean | null) =>
    reported === null ? t('book.unasked') : t(reported ? 'reported' : 'notReported')
  async function* pieces() {
    yield csvForSheets([head.map((name) => (name === 'imei' ? t(name) : t(`book.${name}`)))])
    for await (const lines of book)
      yield lines
        .map(({ at, kind, imei, paper, reported, reportedNow }) =>
          csvLine([
            ...[formatInstant(locale, at, 'stamp'), t(`book.${kind}`), imei, paper],
            ...[say(reported), say(reportedNow)],
          ]),
        )
        .join('')
  }
  return pieces()
}
