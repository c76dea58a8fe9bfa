import { wholeStaffUpload } from '#app/staff-upload.ts'
import { readUpload } from '#features/cases/found/acts.ts'
import { MAX_CSV_BYTES } from '#features/cases/found/rules.ts'
import { submitKey } from '#http/hidden-fields.ts'
import type { Access } from '#lib/access/access.ts'
import { ok } from '#lib/result.ts'

export const access = 'found:manage' satisfies Access

/** `POST /api/found`: an uploaded file of found phones, parsed and kept for its sender to review. */
export const POST = wholeStaffUpload({
  permission: 'found:manage',
  field: 'foundFile',
  fileBytes: MAX_CSV_BYTES,
  page: () => ({ pathname: '/admin/found' }),
  read: async (staff, bytes, fields) => {
    const read = await readUpload(staff, bytes, new Date(), submitKey.parse(fields.get('submitKey')))
    return read.ok ? ok({ pathname: '/admin/found/uploads/[upload]', params: { upload: read.value } }) : read
  },
})
