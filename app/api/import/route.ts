import { foreignOrigin } from '#app/foreign-origin.ts'
import { may } from '#domain/access/roles.ts'
import { MAX_CSV_BYTES } from '#domain/found/upload.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { type ImportFault, readImport } from '#server/cases/commands/import-read.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart, wholeFile } from '#server/entry/multipart.ts'
import { currentStaff } from '#server/entry/session.ts'

export const dynamic = 'force-dynamic'

const LIMITS: FormLimits = {
  fileField: 'importFile',
  files: 1,
  fileBytes: MAX_CSV_BYTES,
  fields: 6,
  fieldBytes: 200,
  bodyBytes: MAX_CSV_BYTES + 100_000,
}

const stay = (locale: Locale, error: ImportFault | 'interrupted' | 'failed'): Response =>
  seeOther(pathFor(locale, { pathname: '/admin/cases/import', query: { error } }))

/** `POST /api/import`: a file of police's own records, read and kept sealed for its sender. Always answers 303. */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => stay(senderLocale(request), 'failed'),
  post: async (request) => {
    const locale = senderLocale(request)
    const staff = await currentStaff()
    if (!staff || !may(staff.role, 'case:import_records')) {
      const query = { callbackUrl: pathFor(locale, '/admin/cases/import') }
      return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
    }
    const form = await readMultipart(request, LIMITS, wholeFile, async () => {})
    if (!form.ok) return form.error === 'foreign' ? foreignOrigin(locale) : stay(locale, form.error)
    const [bytes] = form.value.files
    if (bytes === undefined || form.value.tooManyFiles) return stay(locale, 'none')
    if (bytes === null) return stay(locale, 'too_large')
    const read = await readImport(
      staff,
      { bytes, areaId: form.value.fields.get('district') ?? '' },
      new Date(),
    )
    if (!read.ok) return stay(locale, read.error)
    const page = { pathname: '/admin/cases/import/[import]', params: { import: read.value } } as const
    return seeOther(pathFor(locale, page))
  },
})
