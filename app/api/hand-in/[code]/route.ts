import { openNotice } from '#features/recovery/acts.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import { seeOther } from '#http/form-post.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { MINUTE } from '#lib/time.ts'
import { missingPath } from '#messages/paths.ts'
import { paperLocale } from '../../own-paper.ts'
import { surrenderPdf } from '../../surrender-paper.ts'

export const access = 'holder of a notice’s code' satisfies Access

/** `GET /api/hand-in/{code}?lang=vi|en`: the receipt of a phone that was handed in, as a PDF. */
export const GET = routeHandler<{ readonly code: string }>(async (request, params) => {
  const locale = paperLocale(request)
  const opened = await openNotice(params.code, clientAddress(request.headers), new Date())
  if (!opened.ok && typeof opened.error === 'object')
    return retryLater(request, locale, { status: 429, seconds: (opened.error.minutes * MINUTE) / 1000 })
  const receipt = opened.ok ? opened.value.receipt : null
  return receipt === null ? seeOther(missingPath(locale)) : surrenderPdf(request, receipt)
})
