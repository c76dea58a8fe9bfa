import { getTranslations } from 'next-intl/server'
import { listAgencies } from '#features/ratings/rating/data.ts'
import { POSTER_QUERY } from '#features/ratings/rating/rules.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { servePoster } from './serve.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/posters`: the code of every agency, eight to a page, as PDF. */
export const GET = routeHandler(async (request) => {
  const [t, en, all] = await Promise.all([
    getTranslations({ locale: 'vi', namespace: 'survey-posters' }),
    getTranslations({ locale: 'en', namespace: 'survey-posters' }),
    listAgencies(new Date()),
  ])
  const rows = all.map(({ id, nameVi, nameEn }) => ({
    id,
    vi: nameVi,
    en: nameEn,
    link: absoluteUrl(
      pathFor('vi', { pathname: '/rate/[agency]', params: { agency: id }, query: POSTER_QUERY }),
      request.headers,
    ),
  }))
  return servePoster(request, {
    name: 'an-tam-tat-ca',
    paper: {
      kind: 'code_sheet',
      props: {
        title: t('sheetTitle'),
        line: `${t('subtitle')}. ${t('steps.answer')}.`,
        lineEn: `${en('subtitle')}.`,
        agencies: rows,
      },
    },
  })
})
