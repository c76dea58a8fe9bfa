import { getTranslations } from 'next-intl/server'
import { digestOf } from '#features/exchange/lists/data.ts'
import { openNotice } from '#features/recovery/acts.ts'
import { readSurrender } from '#features/recovery/rules.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import { seeOther } from '#http/form-post.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { MINUTE } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { paperLocale, phonePdf } from '../../phone-paper.ts'

export const access = 'holder of a notice’s code' satisfies Access

/** `GET /api/hand-in/{code}?lang=vi|en`: the receipt of a phone that was handed in, as a PDF. */
export const GET = routeHandler<{ readonly code: string }>(async (request, params) => {
  const locale = paperLocale(request)
  const now = new Date()
  const opened = await openNotice(params.code, clientAddress(request.headers), now)
  if (!opened.ok && typeof opened.error === 'object')
    return retryLater(request, locale, { status: 429, seconds: (opened.error.minutes * MINUTE) / 1000 })
  const receipt = opened.ok ? opened.value.receipt : null
  const payload = receipt?.split('.')[1] ?? ''
  const said = readSurrender(Buffer.from(payload, 'base64url').toString())
  if (receipt === null || said === null) return seeOther(missingPath(locale))
  const t = await getTranslations({ locale, namespace: 'recovery' })
  const check = pathFor(locale, { pathname: '/verify', query: { surrender: receipt } })
  const props = {
    ...{ language: locale, owner: said.code, name: `nop-may-${said.code}` },
    words: {
      title: t('page.receipt'),
      kind: said.code,
      phone: said.device || t('paper.phone'),
      ends: t('paper.ending', said),
      claims: [
        { title: t('page.handedIn'), text: formatInstant(locale, new Date(said.at), 'stamp') },
        { title: t('paper.at'), text: said.unit },
      ],
      notes: [t('paper.says'), t('paper.keep')],
      hands: [t('paper.giver'), t('paper.taker')],
      foot: t('paper.signed', { digest: (digestOf(receipt).slice(0, 16).match(/.{4}/g) ?? []).join(' ') }),
    },
    scan: { link: absoluteUrl(check, request.headers), words: t('paper.scan'), code: said.code },
  }
  return phonePdf(request, props, now)
})
