import { wholeStaffUpload } from '#app/staff-upload.ts'
import { MAX_CSV_BYTES } from '#features/cases/found/rules.ts'
import { readImport } from '#features/cases/imports/acts.ts'
import { submitKey } from '#http/hidden-fields.ts'
import type { Access } from '#lib/access/access.ts'
import { ok } from '#lib/result.ts'

export const access = 'case:import_records' satisfies Access

/** `POST /api/import`: a file of police's own records, parsed and kept sealed for its sender. */
export const POST = wholeStaffUpload({
  permission: 'case:import_records',
  field: 'importFile',
  fileBytes: MAX_CSV_BYTES,
  page: () => ({ pathname: '/admin/cases/import' }),
  read: async (staff, bytes, fields) => {
    const read = await readImport(
      staff,
      { bytes, unitId: fields.get('district') ?? '' },
      new Date(),
      submitKey.parse(fields.get('submitKey')),
    )
    return read.ok ? ok({ pathname: '/admin/cases/import/[import]', params: { import: read.value } }) : read
  },
})
