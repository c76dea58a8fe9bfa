import '#server-only'
import { monthsBefore } from '#domain/privacy/retention.ts'
import { DAY, type Instant, plus } from '#domain/time.ts'
import { forgetFound } from '#server/cases/commands/found-close.ts'
import { forgetImports } from '#server/cases/commands/import-run.ts'
import { forgetReconciliations } from '#server/exchange/commands/reconcile.ts'
import { forgetIdle } from '#server/identities/commands/retention.ts'
import { forgetObjections } from '#server/objections/commands/retain.ts'
import { retention } from '#server/platform/env.ts'
import { log } from '#server/platform/log.ts'
import type { Job } from '#server/platform/queue.ts'
import { runRetention } from '#server/privacy/commands/retain.ts'
import { forgetDossierKeys, forgetSuggestionTexts } from '#server/survey/commands/retention.ts'
import { deleteOld } from './repository.ts'

/** Deletes what has done its work: nothing is kept of a person for longer than it serves them. */
export const sweep = (now: Instant): Promise<number> =>
  deleteOld({
    counter: now,
    // A code lives 15 minutes and is counted for an hour.
    code: plus(now, -DAY),
    lookup: plus(now, -DAY),
    session: now,
    // Nobody sends a form again after a week.
    submission: plus(now, -7 * DAY),
    log: plus(now, -retention().logDays * DAY),
  })

export const jobs: readonly Job[] = [
  {
    queue: 'retention',
    schedule: '*/10 * * * *',
    run: async (_, now, signal) => {
      // A year's key makes its dossier codes comparable: without it they mean nothing.
      const answered = monthsBefore(now, retention().suggestionMonths)
      const swept =
        (await sweep(now)) +
        (await forgetDossierKeys(now)) +
        (await forgetSuggestionTexts(answered)) +
        (await forgetFound(now)) +
        (await forgetIdle(now)) +
        (await forgetObjections(now)) +
        (await forgetImports(now)) +
        (await forgetReconciliations(plus(now, -retention().reconciliationDays * DAY)))
      if (swept > 0) log().info({ swept }, 'rows past their time')
      const erased = await runRetention(now, signal)
      if (Object.values(erased).some((count) => count > 0)) log().info(erased, 'data past its time')
    },
  },
]
