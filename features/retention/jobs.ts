import '#server-only'
import { forgetFound } from '#features/cases/found/data.ts'
import { forgetImports } from '#features/cases/imports/data.ts'
import { forgetWork } from '#features/cases/work/data.ts'
import { forgetWatches } from '#features/check/watches/acts.ts'
import { forgetIdle } from '#features/citizens/data.ts'
import { forgetObjections } from '#features/disputes/objections/settle-acts.ts'
import { forgetReconciliations } from '#features/exchange/reconciliations/data.ts'
import { KIOSK_OFFLINE } from '#features/kiosks/rules.ts'
import { sweepPhones } from '#features/phones/registrations/sweep-acts.ts'
import { runRetention } from '#features/privacy/erasure/acts.ts'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import { forgetSuggestionTexts } from '#features/questionnaires/suggestions/data.ts'
import { forgetComments } from '#features/ratings/comments/data.ts'
import { forgetFlows } from '#features/ratings/flows/data.ts'
import { forgetDossierKeys } from '#features/ratings/rating/data.ts'
import { KIOSK_ACT, RATING_ACT } from '#features/ratings/rating/rules.ts'
import { firstDay, monthOf, monthsLater } from '#features/results/rules.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { retention } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { forgetMessageCounts } from '#platform/message-counts/commands.ts'
import { keepMonths, MONTHLY_TABLES, type MonthlyTable } from '#platform/monthly-tables.ts'
import { clearOutbox } from '#platform/outbox.ts'
import type { Job } from '#platform/queue.ts'
import { eraseAgain } from './acts.ts'
import { deleteOld } from './data.ts'

/** So that a year's work can be compared with the same month of the year before (ADR 78). */
const WORK_MONTHS = 13
const BOOK_MONTHS = 24

/** A device still gets messages about a finished case for this time, because a review or a correction may follow. */
const DEVICE_DAYS = 90

const OUTBOX_DAYS = 7

const MONTH = 31 * DAY

export const sweep = (now: Instant): Promise<number> =>
  deleteOld({
    counter: now,
    // A code is valid for 15 minutes and counted for an hour.
    code: addMilliseconds(now, -DAY),
    lookup: addMilliseconds(now, -DAY),
    session: now,
    // Nobody sends a form again after a week.
    submission: addMilliseconds(now, -7 * DAY),
    // The time of a rating's submission is stored only to the month.
    rating: {
      [RATING_ACT]: addMilliseconds(now, -(MONTH + 7 * DAY)),
      [KIOSK_ACT]: addMilliseconds(now, -(MONTH + KIOSK_OFFLINE + DAY)),
    },
    log: addMilliseconds(now, -retention().logDays * DAY),
    absence: monthsBefore(now, WORK_MONTHS),
    booked: monthsBefore(now, BOOK_MONTHS),
    device: addMilliseconds(now, -DEVICE_DAYS * DAY),
  })

/** Everything that is deleted by age alone, by its name in the log. */
const SWEEPS: Readonly<Record<string, (now: Instant) => Promise<number>>> = {
  rows: sweep,
  // Only a year's key makes that year's dossier codes comparable; without it they mean nothing.
  dossierKeys: forgetDossierKeys,
  flows: forgetFlows,
  suggestions: (now) => forgetSuggestionTexts(monthsBefore(now, retention().suggestionMonths)),
  comments: (now) => forgetComments(monthsBefore(now, retention().commentMonths)),
  work: (now) => forgetWork(monthsBefore(now, WORK_MONTHS)),
  found: forgetFound,
  identities: forgetIdle,
  objections: forgetObjections,
  phones: sweepPhones,
  watches: forgetWatches,
  imports: forgetImports,
  // Messages in plain text, with addresses and numbers: people who try out the product have read them by then.
  outbox: (now) => clearOutbox(addMilliseconds(now, -OUTBOX_DAYS * DAY)),
  messageCounts: (now) => forgetMessageCounts(monthsBefore(now, WORK_MONTHS)),
  reconciliations: (now) =>
    forgetReconciliations(addMilliseconds(now, -retention().reconciliationDays * DAY)),
}

/** Deletes old data, each kind separately, so that a failing kind does not stop the others. */
async function sweepAll(now: Instant): Promise<void> {
  for (const [name, forget] of Object.entries(SWEEPS))
    try {
      const swept = await forget(now)
      if (swept > 0) log().info({ swept: name, rows: swept }, 'rows past their time')
    } catch (err) {
      log().error({ err, sweep: name }, 'rows past their time could not be deleted')
    }
}

/** Repeats erasures that an older copy of the database has undone, for any reason. */
async function eraseReturned(now: Instant): Promise<void> {
  // Older backups should not exist; `npm run restore` reads all notes.
  const since = addMilliseconds(now, -2 * retention().backupDays * DAY)
  const { again, waiting, closed, unsigned, failed } = await eraseAgain(since, now)
  if (again > 0) log().warn({ again }, 'erased again: an older copy of the database had brought it back')
  if (Object.keys(closed).length > 0)
    log().warn({ closed }, 'closed again: an older copy of the database had them in force')
  if (waiting.length > 0)
    log().warn({ waiting: waiting.length }, 'erased once, and kept here until its case is over')
  if (unsigned.length > 0)
    log().error({ files: unsigned }, 'files of erasures that the log’s key did not sign are not followed')
  if (failed > 0) throw new Error(`${failed} could not be erased or closed again`)
}

/** Months created in advance, so that a failing job is noticed long before a month is missing. */
const MONTHS_AHEAD = 3

const EXPIRED: Readonly<Record<MonthlyTable, (now: Instant) => Instant | null>> = {
  // Published figures depend on them, and a receipt may be asked for years later (ADR 41).
  survey_responses: () => null,
  survey_receipts: () => null,
  push_tries: (now) => addMilliseconds(now, -retention().logDays * DAY),
}

async function keepAllMonths(now: Instant): Promise<void> {
  const until = firstDay(monthsLater(monthOf(now), MONTHS_AHEAD))
  for (const table of MONTHLY_TABLES)
    try {
      const { made, dropped, takenOver } = await keepMonths(table, until, EXPIRED[table](now))
      if (made.length + dropped.length > 0) log().info({ made, dropped }, 'the months of a table')
      if (takenOver > 0) log().warn({ table, rows: takenOver }, 'rows had come before their month')
    } catch (err) {
      log().error({ err, table }, 'the months of a table could not be made')
    }
}

export const jobs: readonly Job[] = [
  { queue: 'months', schedule: '27 * * * *', atStart: true, run: (_, now) => keepAllMonths(now) },
  {
    queue: 'erasures-again',
    schedule: '47 * * * *',
    atStart: true,
    run: (_, now) => eraseReturned(now),
  },
  { queue: 'retention', schedule: '*/10 * * * *', run: (_, now) => sweepAll(now) },
  {
    queue: 'erasure',
    schedule: '*/10 * * * *',
    run: async (_, now, signal) => {
      const erased = await runRetention(now, signal)
      if (Object.values(erased).some((count) => count > 0)) log().info(erased, 'data past its time')
    },
  },
]
