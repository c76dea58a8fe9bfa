import { getTranslations } from 'next-intl/server'
import { withPaper } from '#features/papers/acts.ts'
import { takeSlips } from '#features/ratings/invitations/acts.ts'
import { INVITATION_PARAMETER } from '#features/ratings/invitations/rules.ts'
import { clientAddress } from '#http/address.ts'
import { notFound } from '#http/problem.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'survey:manage' satisfies Access

/**
 * `GET /api/survey/draws/{draw}/slips?part=1`: the printed invitations of an open draw as PDF, for the survey manager; 404 for
 * others.
 */
export const GET = routeHandler<{ draw: string }>(async (request, { draw }) => {
  const staff = await currentStaff()
  const part = Number(new URL(request.url).searchParams.get('part') ?? 1)
  if (!staff || !isUuid(draw) || !Number.isInteger(part)) return notFound()
  const address = clientAddress(request.headers)
  const taken = await withPaper({ owner: `slips ${staff.id}`, address }, async (print) => {
    const found = await takeSlips(staff, { drawId: draw, part }, new Date())
    if (found === null) return null
    const t = await getTranslations({ locale: 'vi', namespace: 'survey-invitations.slip' })
    const en = await getTranslations({ locale: 'en', namespace: 'survey-invitations.slip' })
    const { agencyId, name, endsAt, slips } = found
    return print({
      kind: 'slips',
      props: {
        title: t('title', { agency: name }),
        agency: name,
        words: {
          line: t('line', { until: formatInstant('vi', endsAt, 'date') }),
          lineEn: en('line', { until: formatInstant('en', endsAt, 'date') }),
          edge: t('edge'),
        },
        slips: slips.map(({ token, ...one }) => {
          const query = { [INVITATION_PARAMETER]: token }
          const path = pathFor('vi', { pathname: '/rate/[agency]', params: { agency: agencyId }, query })
          return { ...one, link: absoluteUrl(path, request.headers) }
        }),
      },
    })
  })
  if (taken === null) return notFound()
  return new Response(new Uint8Array(taken), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="phieu-moi-${part}.pdf"`,
      'cache-control': 'no-store',
    },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
