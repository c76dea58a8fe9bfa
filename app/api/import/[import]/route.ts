import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { takeFaultyRows } from '#features/cases/imports/acts.ts'
import type { FaultyCaseRow } from '#features/cases/imports/data.ts'
import { RECORD_FIELDS } from '#features/cases/imports/rules.ts'
import { seeOther } from '#http/form-post.ts'
import { privateFile } from '#http/private-file.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { codeNeed, currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { csvForSheets } from '#lib/csv.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'case:import_records' satisfies Access

/** `GET /api/import/{import}`: the faulty rows as CSV, for the uploader to correct and send again. */
export const GET = routeHandler<{ import: string }>(async (request, { import: id }) => {
  const staff = await currentStaff()
  if (!staff || !may(staff.role, access)) return notFound()
  const locale = senderLocale(request)
  const [known, now] = [z.uuid().safeParse(id).success, new Date()]
  // The page asks for the code, and links back here.
  if (known && codeNeed(staff, 'file', now) === 'now')
    return seeOther(pathFor(locale, { pathname: '/admin/cases/import/[import]', params: { import: id } }))
  const rows = known ? await takeFaultyRows(staff, id, now) : null
  // The import has expired or belongs to another person; the import page says so.
  if (rows === null)
    return seeOther(pathFor(locale, { pathname: '/admin/cases/import', query: { error: 'gone' } }))
  return privateFile('dong-can-sua.csv', await csvOf(rows, locale))
})

async function csvOf(rows: readonly FaultyCaseRow[], locale: 'vi' | 'en'): Promise<string> {
  const [fields, faults, t] = await Promise.all([
    getTranslations({ locale, namespace: 'fields' }),
    getTranslations({ locale, namespace: 'faults.import' }),
    getTranslations({ locale, namespace: 'case-import.view' }),
  ])
  const say = ({ faults: found }: FaultyCaseRow) =>
    RECORD_FIELDS.flatMap((field) => {
      const fault = found[field]
      return fault ? [`${fields(field)}: ${faults(fault)}`] : []
    }).join(' ')
  // Column names that our own reader knows, the same for both languages.
  const head = [...RECORD_FIELDS, t('fault')]
  const lines = rows.map((row) => [...RECORD_FIELDS.map((field) => row.typed[field]), say(row)])
  return csvForSheets([head, ...lines])
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
