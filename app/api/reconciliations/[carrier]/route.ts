import { foreignOrigin } from '#app/foreign-origin.ts'
import { may } from '#domain/access/roles.ts'
import { MAX_LIST_BYTES } from '#domain/exchange/reconciliation.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'
import { formPost, seeOther } from '#server/entry/form-post.ts'
import { type FormLimits, readMultipart } from '#server/entry/multipart.ts'
import { currentStaff } from '#server/entry/session.ts'
import { type ListFault, receiveList } from '#server/exchange/commands/receive-list.ts'

export const dynamic = 'force-dynamic'

const LIMITS: FormLimits = {
  fileField: 'listFile',
  files: 1,
  fileBytes: MAX_LIST_BYTES,
  fields: 5,
  fieldBytes: 200,
  bodyBytes: MAX_LIST_BYTES + 100_000,
}

const carrierOf = (request: Request): string => new URL(request.url).pathname.split('/').at(-1) ?? ''
const stay = (locale: Locale, carrier: string, error: ListFault | 'none' | 'interrupted' | 'failed') =>
  seeOther(
    pathFor(locale, {
      pathname: '/admin/carriers/[carrier]/reconciliations',
      params: { carrier },
      query: { error },
    }),
  )

/** `POST /api/reconciliations/[carrier]`: a carrier's own list, sent by the relay in its name. Always answers 303. */
export const POST = formPost({
  foreign: (request) => foreignOrigin(senderLocale(request)),
  failed: (request) => stay(senderLocale(request), carrierOf(request), 'failed'),
  post: async (request) => {
    const locale = senderLocale(request)
    const carrier = carrierOf(request)
    const staff = await currentStaff()
    if (!staff || !may(staff.role, 'carrier:manage')) {
      const query = { callbackUrl: pathFor(locale, '/admin/carriers') }
      return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
    }
    const form = await readMultipart(
      request,
      LIMITS,
      ({ content, seen }) =>
        receiveList(
          staff,
          { carrierId: carrier, atSeq: null, content, isWhole: () => seen().whole },
          new Date(),
        ).finally(() => content.destroy()),
      async () => {},
    )
    if (!form.ok) return form.error === 'foreign' ? foreignOrigin(locale) : stay(locale, carrier, form.error)
    const [list] = form.value.files
    if (list === undefined || form.value.tooManyFiles) return stay(locale, carrier, 'none')
    if (!list.ok) return stay(locale, carrier, list.error)
    const page = {
      pathname: '/admin/carriers/[carrier]/reconciliations/[reconciliation]',
      params: { carrier, reconciliation: list.value },
    } as const
    return seeOther(pathFor(locale, page))
  },
})
