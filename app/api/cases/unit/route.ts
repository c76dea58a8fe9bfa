import { getTranslations } from 'next-intl/server'
import { isRefusedWhileWaiting } from '#features/accounts/rules.ts'
import { allUnits } from '#features/areas/data.ts'
import { exportBoard } from '#features/cases/board/acts.ts'
import { type Board, findBoardUnit } from '#features/cases/board/page-data.ts'
import { PERIODS } from '#features/cases/board/rules.ts'
import { WORK_MEASURES, type Work } from '#features/cases/work/rules.ts'
import { seeOther } from '#http/form-post.ts'
import { privateFile } from '#http/private-file.ts'
import { notFound } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { codeNeed, currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { csvForSheets } from '#lib/csv.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = 'unit:supervise' satisfies Access

/** `GET /api/cases/unit?unit=…&days=7|30`: a unit's board as CSV, for its supervisors; it has no data of citizens. */
export const GET = routeHandler(async (request) => {
  const staff = await currentStaff()
  if (!staff || !may(staff.role, access)) return notFound()
  const { unit, days } = queryOf(request)
  const [locale, now] = [senderLocale(request), new Date()]
  const period = PERIODS.find((one) => String(one) === days) ?? 30
  const of = findBoardUnit(staff, typeof unit === 'string' ? unit : null)
  // The page asks for the code and the unit, and links back here. A new account may read its board but may not download it.
  if (of === null || codeNeed(staff, 'file', now) === 'now' || isRefusedWhileWaiting(staff, access, now)) {
    const query = { ...(of !== null && staff.role === 'city_police' && { unit: of }), days: String(period) }
    return seeOther(pathFor(locale, { pathname: '/admin/cases/unit', query }))
  }
  const board = await exportBoard(staff, of, period, now)
  if (board === null) return notFound()
  const file = (await getTranslations({ locale, namespace: 'unit.csv' }))('file')
  return privateFile(file, await csvOf(board, locale, now))
})

async function csvOf(board: Board, locale: 'vi' | 'en', now: Instant): Promise<string> {
  const [t, measures, roles, units] = await Promise.all([
    getTranslations({ locale, namespace: 'unit.csv' }),
    getTranslations({ locale, namespace: 'unit.measure' }),
    getTranslations({ locale, namespace: 'admin.role' }),
    allUnits(),
  ])
  const found = units.find(({ id }) => id === board.unitId)
  const unit = (locale === 'en' ? found?.nameEn : found?.nameVi) ?? board.unitId
  const [from, to] = [board.days.at(0)?.day ?? '', board.days.at(-1)?.day ?? '']
  const head = [
    ...[t('kind'), t('unit'), t('from'), t('to'), t('name'), t('role')],
    ...[t('open'), t('overdue'), t('today'), t('oldest')],
    ...WORK_MEASURES.map((measure) => measures(measure)),
  ]
  const counts = ({ counts: of }: Work) => WORK_MEASURES.map((measure) => of[measure])
  const sumLine = (kind: string, work: Work, load: (number | null)[]) => [
    ...[kind, unit, from, to, null, null],
    ...load,
    ...counts(work),
  ]
  const ageOf = (oldest: Instant | null) => oldest && Math.floor((now.getTime() - oldest.getTime()) / DAY)
  const lines = [
    ...board.people.map(({ name, role, load, work }) => [
      ...[t('kind_person'), unit, from, to, name, roles(role)],
      ...[load.open, load.overdue, load.today, ageOf(load.oldest)],
      ...counts(work),
    ]),
    sumLine(t('kind_others'), board.others, [null, null, null, null]),
    sumLine(t('kind_total'), board.total, [board.load.open, board.load.overdue, null, null]),
  ]
  return csvForSheets([head, ...lines])
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
