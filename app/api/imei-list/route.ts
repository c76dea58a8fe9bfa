import { getTranslations } from 'next-intl/server'
import { formPost, seeOther } from '#http/form-post.ts'
import { type FormLimits, readMultipart } from '#http/multipart.ts'
import { privateFile } from '#http/private-file.ts'
import { openForSession } from '#http/sealed.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { csvForSheets } from '#lib/csv.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'imei:check_list' satisfies Access

/** Room for the sealed answers to five hundred lines. */
const LIMITS: FormLimits = {
  fileField: '',
  files: 0,
  fileBytes: 0,
  fields: 5,
  fieldBytes: 500_000,
  bodyBytes: 600_000,
}

interface Row {
  readonly written: string
  readonly imei: string
  readonly result: 'reported' | 'not_reported' | 'invalid'
  readonly note: string
}

const again = (locale: Locale) =>
  seeOther(pathFor(locale, { pathname: '/admin/shop', query: { error: 'gone' } }))

/** `POST /api/imei-list`: the answers that a page showed to a shop, as a CSV file. It looks nothing up and counts nothing. */
export const POST = formPost({
  failed: (request) => again(senderLocale(request)),
  post: async (request) => {
    const locale = senderLocale(request)
    const staff = await currentStaff()
    if (!staff || !may(staff.role, access)) {
      const query = { callbackUrl: pathFor(locale, '/admin/shop') }
      return seeOther(pathFor(locale, { pathname: '/sign-in', query }))
    }
    const form = await readMultipart(
      request,
      LIMITS,
      async () => null,
      async () => {},
    )
    if (!form.ok) return again(locale)
    const rows = await openForSession<readonly Row[]>('imei-list', form.value.fields.get('answers') ?? '')
    if (rows === null) return again(locale)
    return privateFile('ket-qua-tra-imei.csv', await csvOf(rows, locale))
  },
})

async function csvOf(rows: readonly Row[], locale: Locale): Promise<string> {
  const t = await getTranslations({ locale, namespace: 'shop' })
  const answers = { reported: t('reported'), not_reported: t('notReported'), invalid: t('invalid') }
  const head = [t('line'), t('written'), t('imei'), t('answer'), t('note')]
  const lines = rows.map(({ written, imei, result, note }, at) => [
    at + 1,
    written,
    imei,
    answers[result],
    note,
  ])
  return csvForSheets([head, ...lines])
}
