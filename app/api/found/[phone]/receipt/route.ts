import { findSurrenderReceipt } from '#features/recovery/data.ts'
import { seeOther } from '#http/form-post.ts'
import { routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { missingPath } from '#messages/paths.ts'
import { paperLocale } from '../../../own-paper.ts'
import { surrenderPdf } from '../../../surrender-paper.ts'

export const access = 'found:manage' satisfies Access

/** `GET /api/found/{phone}/receipt?lang=vi|en`: the receipt of a phone that was handed in, for the desk to print. */
export const GET = routeHandler<{ readonly phone: string }>(async (request, { phone }) => {
  const staff = await currentStaff()
  const receipt = staff && isUuid(phone) ? await findSurrenderReceipt(staff, phone) : null
  return receipt === null ? seeOther(missingPath(paperLocale(request))) : surrenderPdf(request, receipt)
})
