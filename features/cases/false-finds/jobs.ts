import '#server-only'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { casesToWarn, lockToWarn } from './data.ts'

/**
 * Warns the persons of cases on their 7th and 30th day of false messages that their phone was found. Returns the number of
 * warnings. A case that cannot be opened is logged and left for the next run.
 */
export const warnOfFalseFinds = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), async () => {
    let warned = 0
    for (let after: string | null = null; ; ) {
      const page: readonly string[] = await casesToWarn(now, after)
      for (const id of page) {
        if (signal?.aborted) return warned
        if (await warn(id, now)) warned++
      }
      after = page.at(-1) ?? null
      if (after === null) return warned
    }
  })

async function warn(id: string, now: Instant): Promise<boolean> {
  try {
    return await transaction(async (tx) => {
      const number = await lockToWarn(tx, id, now)
      if (number === null) return false
      const { key, particulars, locale } = await openCaseFile({ id }, tx)
      for (const to of contactsInForce(particulars, now))
        await notify(tx, { key, to, template: 'beware', locale, params: { number }, at: now })
      return true
    })
  } catch (err) {
    log().error({ err, caseId: id }, 'a person could not be warned of false messages')
    return false
  }
}

export const jobs: readonly Job[] = [
  {
    queue: 'false-finds',
    schedule: '11 * * * *',
    run: async (_, now, signal) => {
      if (env().MESSAGE_CODES === 'off') return
      const warned = await warnOfFalseFinds(now, signal)
      if (warned > 0) log().info({ warned }, 'warned of false messages')
    },
  },
]
