import { staffUpload } from '#app/staff-upload.ts'
import { receiveList } from '#features/exchange/reconciliations/acts.ts'
import { MAX_LIST_BYTES } from '#features/exchange/reconciliations/rules.ts'
import { submitKey } from '#http/hidden-fields.ts'
import type { Access } from '#lib/access/access.ts'
import { ok } from '#lib/result.ts'

export const access = 'carrier:attend' satisfies Access

const carrierOf = (request: Request): string => new URL(request.url).pathname.split('/').at(-1) ?? ''

/** `POST /api/reconciliations/[carrier]`: a carrier's own list, uploaded by its staff, or by the relay on its behalf. */
export const POST = staffUpload({
  permission: 'carrier:attend',
  field: 'listFile',
  fileBytes: MAX_LIST_BYTES,
  page: (request) => ({
    pathname: '/admin/carriers/[carrier]/reconciliations',
    params: { carrier: carrierOf(request) },
  }),
  receive: async (staff, { content, seen, fields }, request) => {
    const carrier = carrierOf(request)
    const key = submitKey.parse(fields.get('submitKey'))
    const list = { carrierId: carrier, atSeq: null, content, isWhole: () => seen().whole, submitKey: key }
    const read = await receiveList(staff, list, new Date()).finally(() => content.destroy())
    return read.ok ? ok({ carrier, reconciliation: read.value }) : read
  },
  settle: async (_staff, received) =>
    received.ok
      ? ok({
          pathname: '/admin/carriers/[carrier]/reconciliations/[reconciliation]',
          params: received.value,
        })
      : received,
})
