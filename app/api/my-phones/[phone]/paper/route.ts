import { getTranslations } from 'next-intl/server'
import { papersOf } from '#features/phones/handovers/data.ts'
import { phoneOf } from '#features/phones/registrations/data.ts'
import { endsOf, nameOf } from '#features/phones/registrations/rules.ts'
import { seeOther } from '#http/form-post.ts'
import { openedPhones } from '#http/phones.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath } from '#messages/paths.ts'
import { ownPaper, paperLocale } from '../../../own-paper.ts'

export const access = 'holder of a list of phones’ cookie' satisfies Access

/** `GET /api/my-phones/{phone}/paper?side=gave|got&lang=vi|en`: the paper of a hand-over as a PDF, for either side. */
export const GET = routeHandler<{ readonly phone: string }>(async (request, params) => {
  const locale = paperLocale(request)
  const now = new Date()
  const scope = isUuid(params.phone) ? await openedPhones(now) : null
  const phone = scope && (await phoneOf(scope, params.phone))
  const papers = scope && phone ? await papersOf(scope, phone.id) : []
  const paper = papers.find(({ side }) => side === new URL(request.url).searchParams.get('side'))
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
  const own = { owner: phone.id, name: paper.number, paper: { kind: 'phone', props } } as const
  return ownPaper(request, own, now)
})
