import { getTranslations } from 'next-intl/server'
import { withPaper } from '#features/papers/acts.ts'
import { papersOf } from '#features/phones/handovers/data.ts'
import { phoneOf } from '#features/phones/registrations/data.ts'
import { endsOf, nameOf } from '#features/phones/registrations/rules.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import { seeOther } from '#http/form-post.ts'
import { openedPhones } from '#http/phones.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath } from '#messages/paths.ts'
import { defaultLocale, isLocale } from '#messages/routing.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

export const access = 'holder of a list of phones’ cookie' satisfies Access

/** `GET /api/my-phones/{phone}/paper?side=gave|got&lang=vi|en`: the paper of a hand-over as a PDF, for either side. */
export const GET = routeHandler<{ readonly phone: string }>(async (request, params) => {
  const asked = new URL(request.url).searchParams
  const lang = asked.get('lang') ?? ''
  const locale = isLocale(lang) ? lang : defaultLocale
  const now = new Date()
  const scope = isUuid(params.phone) ? await openedPhones(now) : null
  const phone = scope && (await phoneOf(scope, params.phone))
  const papers = scope && phone ? await papersOf(scope, phone.id) : []
  const paper = papers.find(({ side }) => side === asked.get('side'))
  if (!phone || paper === undefined) return seeOther(missingPath(locale))
  const [t, p] = await Promise.all([
    getTranslations({ locale, namespace: 'phones.paper' }),
    getTranslations({ locale, namespace: 'phones' }),
  ])
  const { content } = phone
  const [first = '', second = ''] = endsOf(content)
  const props = {
    language: locale,
    words: {
      title: t('title'),
      kind: paper.number,
      phone: nameOf({ ...content, name: '' }) || p('unnamed'),
      ends: [content.colour, p('ends', { count: content.imeis.length, first, second })]
        .filter((part) => part !== '')
        .join(' · '),
      claims: [
        { title: t(paper.side), text: formatInstant(locale, paper.at, 'stamp') },
        { title: t('other'), text: content.otherSides?.[paper.side] ?? '' },
        { title: 'IMEI', text: content.imeis.join(', ') },
      ],
      notes: [t('text')],
      foot: `${t('number')}: ${paper.number}`,
    },
    scan: null,
  }
  const owner = { owner: phone.id, address: clientAddress(request.headers) }
  return withPaper(owner, async (draw) => {
    const { allowed, retryAfterSeconds } = await withinLimit('paper_case', phone.id, now)
    if (!allowed) return retryLater(request, locale, { status: 429, seconds: retryAfterSeconds })
    return new Response(new Uint8Array(await draw({ kind: 'phone', props })), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="an-tam-${paper.number}.pdf"`,
        'cache-control': 'private, no-store',
        'x-robots-tag': 'noindex',
      },
    })
  })
})
