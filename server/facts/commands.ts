import '#server-only'
import { systemScope } from '#domain/access/scope.ts'
import { inFives } from '#domain/facts/fives.ts'
import { HOURS, type Measure, SPLITS, type Split } from '#domain/facts/measures.ts'
import { BLOCKED_WITHIN_DAYS, beginOf, publishableFrom } from '#domain/facts/months.ts'
import { type Month, monthsLater } from '#domain/survey/month.ts'
import type { Instant } from '#domain/time.ts'
import { type Tx, transaction } from '#server/platform/db.ts'
import { inScope } from '#server/platform/scope.ts'
import { policeAreas } from '#server/reference/loaders.ts'
import {
  addCells,
  type Counted,
  carriesOf,
  countEvents,
  countReports,
  firstReported,
  lastPublished,
  lockPublication,
  measureCarriers,
  type NewCells,
} from './repository.ts'

/** Publishes every month that is complete and not published yet, each in a transaction of its own; answers which. */
export async function publishFacts(now: Instant): Promise<Month[]> {
  const published: Month[] = []
  for (;;) {
    const month = await inScope(systemScope(), () => transaction((tx) => publishNext(tx, now)))
    if (month === null) return published
    published.push(month)
  }
}

async function publishNext(tx: Tx, now: Instant): Promise<Month | null> {
  await lockPublication(tx)
  const last = await lastPublished(tx)
  const month = last ? monthsLater(last, 1) : await firstReported(tx)
  if (month === null || publishableFrom(month) > now) return null
  const span = { from: beginOf(month), to: beginOf(monthsLater(month, 1)) }
  const reports = await countReports(tx, span, BLOCKED_WITHIN_DAYS)
  const counted = { area: [...reports.area, ...(await countEvents(tx, span))], hour: reports.hour }
  const rows = { area: (await policeAreas()).map(({ id }) => id), hour: HOURS }
  const carries = last ? await carriesOf(tx, last) : new Map<string, number>()
  const cells = (Object.keys(SPLITS) as Split[]).flatMap((split) =>
    SPLITS[split].map((measure): NewCells => {
      const carry = carries.get(`${split} ${measure}`) ?? 0
      return { month, split, measure, ...columnOf(rows[split], counted[split], measure, carry) }
    }),
  )
  await addCells(tx, cells)
  await measureCarriers(tx, month, span)
  return month
}

/** One measure's rows as they are shown. */
function columnOf(rows: readonly string[], counted: readonly Counted[], measure: Measure, before: number) {
  const count = (row: string) => counted.find((one) => one.row === row && one.measure === measure)?.count ?? 0
  const { shown, carry } = inFives(rows.map(count), before)
  const told = rows.map((row, at) => [row, shown[at] ?? 0] as const).filter(([, fives]) => fives > 0)
  return { shown: Object.fromEntries(told), carry }
}
