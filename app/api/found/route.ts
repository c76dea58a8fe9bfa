import { foreignOrigin } from '#app/foreign-origin.ts'
import { may } from '#domain/access/roles.ts'
import { MAX_CSV_BYTES } from '#domain/found/upload.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { readUpload, type UploadFault } from '#server/cases/commands/found-add.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart, wholeFile } from '#server/entry/multipart.ts'
import { currentStaff } from '#server/entry/session.ts'

export const dynamic = 'force-dynamic'

const LIMITS: FormLimits = {
  fileField: 'foundFile',
  files: 1,
  fileBytes: MAX_CSV_BYTES,
  fields: 5,
  fieldBytes: 200,
  bodyBytes: MAX_CSV_BYTES + 100_000,
}

const stay = (locale: Locale, error: UploadFault | 'interrupted' | 'failed'): Response =>
  seeOther(pathFor(locale, { pathname: '/admin/found', query: { error } }))

/** `POST /api/found`: a file of found phones, read and kept for its sender to look at. Always answers 303. */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => stay(senderLocale(request), 'failed'),
  post: async (request) => {
    const locale = senderLocale(request)
    const staff = await currentStaff()
    if (!staff || !may(staff.role, 'found:manage')) {
      const query = { callbackUrl: pathFor(locale, '/admin/found') }
      return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
    }
    const form = await readMultipart(request, LIMITS, wholeFile, async () => {})
    if (!form.ok) return form.error === 'foreign' ? foreignOrigin(locale) : stay(locale, form.error)
    const [file] = form.value.files
    if (file === undefined || form.value.tooManyFiles) return stay(locale, 'none')
    if (file === null) return stay(locale, 'too_large')
    const read = await readUpload(staff, file, new Date())
    if (!read.ok) return stay(locale, read.error)
    const page = { pathname: '/admin/found/uploads/[upload]', params: { upload: read.value } } as const
    return seeOther(pathFor(locale, page))
  },
})
