import { getTranslations } from 'next-intl/server'
import type { PosterWords } from '#features/agencies/paper/poster.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import { POSTER_QUERY } from '#features/ratings/rating/rules.ts'
import { notFound } from '#http/problem.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { cityWords } from '#messages/city.ts'
import { pathFor } from '#messages/paths.ts'
import { servePoster } from '../serve.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/posters/{agency}`: the agency's poster on A4, as PDF. */
export const GET = routeHandler<{ readonly agency: string }>(async (request, { agency: id }) => {
  const agency = (await listAgencies(new Date())).find((one) => one.id === id)
  if (agency === undefined) return notFound('No agency of that id is open today.')
  const path = pathFor('vi', { pathname: '/rate/[agency]', params: { agency: id }, query: POSTER_QUERY })
  const link = absoluteUrl(path, request.headers)
  const results = absoluteUrl(pathFor('vi', '/results'), request.headers).replace(/^https?:\/\//, '')
  const [vi, en] = await Promise.all([
    wordsIn('vi', agency.nameVi, results),
    wordsIn('en', agency.nameEn, results),
  ])
  return servePoster(request, {
    name: `an-tam-${id}`,
    paper: { kind: 'poster', props: { vi, en, link } },
  })
})

async function wordsIn(locale: 'vi' | 'en', agency: string, url: string): Promise<PosterWords> {
  const t = await getTranslations({ locale, namespace: 'survey-posters' })
  return {
    city: cityWords(locale).committee,
    agency,
    title: t('title'),
    subtitle: t('subtitle'),
    steps: [t('steps.scan'), t('steps.answer'), t('steps.done', { url })],
    anonymous: t('anonymous'),
  }
}
