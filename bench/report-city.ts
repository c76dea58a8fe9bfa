import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { askForReport } from '#features/city-report/acts.ts'
import { TYPED_MONTHS } from '#features/city-report/period-rules.ts'
import { monthOf, monthsLater } from '#features/results/rules.ts'
import type { PrismaClient } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { must } from '#tests/must.ts'
import { type Bed, startWorker } from './bed.ts'
import { answerFrom, connect } from './connection.ts'
import { type Bench, difference, interleave, ratio } from './measure.ts'

const MANY = Number(process.env.BENCH_REPORT ?? 1_000_000)
const FEW = 10_000
const ROUNDS = 5
/** One in this many answers has a comment. */
const COMMENTED = 5

const WORDS = [
  'Phải chờ rất lâu mới tới lượt',
  'Cán bộ nhiệt tình, hướng dẫn rõ ràng',
  'Phải bổ sung giấy tờ nhiều lần',
  'Nộp trực tuyến tiện hơn nhưng trang web hay lỗi',
  'Phòng chờ nóng, ít ghế',
  'Không có ý kiến gì thêm',
]

const comment = (db: PrismaClient, amount: number) => db.$executeRaw`
  INSERT INTO survey_comments (id, agency_id, questionnaire_version, received_month, text, released, review)
  SELECT gen_random_uuid(), agency.id, 1,
    (date_trunc('month', now()) - make_interval(months => (n / agency.all_of_them % 12)::int))::date,
    (${WORDS}::text[])[1 + n % ${WORDS.length}::int], true, 'clear'
  FROM generate_series(0, ${amount}::int - 1) AS n
  JOIN (SELECT id, row_number() OVER (ORDER BY ordinal) - 1 AS at, count(*) OVER () AS all_of_them FROM agencies) AS agency
    ON agency.at = n % agency.all_of_them`

const actor: StaffActor = {
  kind: 'staff',
  id: randomUUID(),
  name: 'bench',
  role: 'survey_manager',
  unitId: null,
  carrierId: null,
  agencyId: null,
}

async function side(bed: Bed, responses: number) {
  const url = await bed.answers(responses)
  const db = connect(url)
  if ((await db.surveyComment.findFirst()) === null) await comment(db, responses / COMMENTED)
  const worker = await startWorker(url)
  const resting = worker.memory()
  let most = 0
  const make = async (): Promise<number> => {
    answerFrom(db)
    const now = new Date()
    const period = { period: TYPED_MONTHS, from: monthsLater(monthOf(now), -11), to: monthOf(now) }
    const asked = must(await askForReport(actor, { ...period, scope: 'all', submitKey: randomUUID() }, now))
    let started = performance.now()
    for (;;) {
      const { state } = await db.surveyReport.findUniqueOrThrow({
        where: { id: asked },
        select: { state: true },
      })
      most = Math.max(most, worker.memory())
      if (state === 'failed') throw new Error('a report failed')
      if (state === 'ready') return performance.now() - started
      // The time until the worker takes the report does not count.
      if (state === 'queued') started = performance.now()
      await sleep(10)
    }
  }
  const stop = () => Promise.all([db.$disconnect(), worker.stop()])
  return { make, stop, memory: () => ({ most, resting }) }
}

/** Measures the yearly report to the city, all four files of it, with a million answers beside ten thousand. */
export async function reportToCity(bed: Bed): Promise<Bench> {
  const many = await side(bed, MANY)
  const few = await side(bed, FEW)
  try {
    const times = await interleave(ROUNDS, { product: many.make, baseline: few.make })
    const { most, resting } = many.memory()
    const figures = [
      ratio('a year, all agencies, both languages', 'ms', times, null),
      difference('memory of the worker: most, and before', 'MB', most, resting, null),
    ]
    const facts = {
      product: `${MANY} answers, ${MANY / COMMENTED} comments`,
      baseline: `${FEW} answers, ${FEW / COMMENTED} comments`,
      'most memory of the worker with few, MB': Math.round(few.memory().most),
    }
    return { name: 'report-city', figures, facts }
  } finally {
    answerFrom(null)
    await Promise.all([many.stop(), few.stop()])
  }
}
