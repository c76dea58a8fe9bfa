import { isRefusedWhileWaiting } from '#features/accounts/rules.ts'
import { formPost, seeOther } from '#http/form-post.ts'
import { type IncomingFile, readMultipart, wholeFile } from '#http/multipart.ts'
import { currentStaff, type SignedInStaff } from '#http/session.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import { err, type Result } from '#lib/result.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

interface StaffUpload<T> {
  readonly permission: Permission
  /** Name of the only file field; `fileBytes` is its size limit. */
  readonly field: string
  readonly fileBytes: number
  /** The form's page, which shows the fault of a file (`?error=`). */
  readonly page: (request: Request) => Extract<Route, { readonly pathname: string }>
  readonly receive: (staff: SignedInStaff, file: IncomingFile, request: Request) => Promise<T>
  /** Completes the upload once the whole form has arrived; returns the next page, or a fault. */
  readonly settle: (
    staff: SignedInStaff,
    received: T,
    fields: ReadonlyMap<string, string>,
  ) => Promise<Result<Route, string>>
}

/** Returns the handler of a form that uploads one staff file. It always answers 303. */
export const staffUpload = <T>(spec: StaffUpload<T>) => {
  const stay = (request: Request, error: string): Response =>
    seeOther(pathFor(senderLocale(request), { ...spec.page(request), query: { error } }))
  const limits = {
    ...{ fileField: spec.field, files: 1, fileBytes: spec.fileBytes },
    ...{ fields: 6, fieldBytes: 200, bodyBytes: spec.fileBytes + 100_000 },
  }
  return formPost({
    failed: (request) => stay(request, 'failed'),
    post: async (request) => {
      const locale = senderLocale(request)
      const staff = await currentStaff()
      if (!staff || !may(staff.role, spec.permission)) {
        const query = { callbackUrl: pathFor(locale, spec.page(request)) }
        return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
      }
      if (isRefusedWhileWaiting(staff, spec.permission, new Date())) return stay(request, 'waiting')
      const receive = (file: IncomingFile) => spec.receive(staff, file, request)
      const form = await readMultipart(request, limits, receive, async () => {})
      if (!form.ok) return stay(request, form.error)
      const { files, fields, tooManyFiles } = form.value
      const [received] = files
      if (received === undefined || tooManyFiles) return stay(request, 'none')
      const settled = await spec.settle(staff, received, fields)
      return settled.ok ? seeOther(pathFor(locale, settled.value)) : stay(request, settled.error)
    },
  })
}

/** Returns a handler like `staffUpload`, for a file that is read whole into memory. */
export const wholeStaffUpload = ({
  read,
  ...spec
}: Omit<StaffUpload<Uint8Array | null>, 'receive' | 'settle'> & {
  readonly read: (
    staff: SignedInStaff,
    bytes: Uint8Array,
    fields: ReadonlyMap<string, string>,
  ) => Promise<Result<Route, string>>
}) =>
  staffUpload<Uint8Array | null>({
    ...spec,
    receive: (_staff, file) => wholeFile(file),
    settle: async (staff, bytes, fields) => (bytes === null ? err('too_large') : read(staff, bytes, fields)),
  })
