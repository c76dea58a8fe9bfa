import '#server-only'
import { randomUUID } from 'node:crypto'
import { createTranslator } from 'use-intl/core'
import { examineReleased } from '#features/ratings/comments/acts.ts'
import { watchFlows } from '#features/ratings/flows/acts.ts'
import { recountExcluded } from '#features/ratings/integrity/acts.ts'
import { tendDraws } from '#features/ratings/invitations/due-acts.ts'
import { shuffleAnswers } from '#features/ratings/mixing/acts.ts'
import { publishKiosks } from '#features/ratings/publication/acts.ts'
import { publishReceiptRoots } from '#features/ratings/receipts/acts.ts'
import { findViewerAddress, listViewers, takeDuePromises } from '#features/ratings/replies/data.ts'
import { tendTrials } from '#features/results/questions/trial-acts.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatDate } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { locales } from '#messages/routing.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { mailer } from '#platform/mail.ts'
import { enqueue, type Job, type Queues } from '#platform/queue.ts'
import { buildReport } from './acts.ts'

export const jobs: readonly Job[] = [
  { queue: 'survey-readmit', run: ({ exclusionId }) => recountExcluded(exclusionId) },
  // One at a time: a report keeps its figures and its drawing in memory.
  { queue: 'survey-report', batchSize: 1, run: ({ reportId }, now) => buildReport(reportId, now) },
  // Examines comments released before reviews existed; nothing else stays unexamined.
  { queue: 'survey-examine', schedule: '*/10 * * * *', run: (_, now) => examineReleased(now) },
  { queue: 'survey-promises', schedule: '0 8 * * *', atStart: true, run: (_, now) => remindOfPromises(now) },
  { queue: 'promise-notice', run: sendPromiseNotice },
  // A week is published once no more of its answers are taken. Fewer than thirty people wait for a later week.
  {
    queue: 'survey-kiosks',
    schedule: '23 * * * *',
    atStart: true,
    run: async (_, now) => {
      const agencies = await publishKiosks(now)
      if (agencies > 0) log().info({ agencies }, 'weeks of kiosks were published')
    },
  },
  { queue: 'survey-invitations', schedule: '13 * * * *', atStart: true, run: (_, now) => tendDraws(now) },
  { queue: 'survey-trials', schedule: '*/10 * * * *', run: (_, now) => tendTrials(now) },
  {
    queue: 'survey-receipts',
    schedule: '41 * * * *',
    atStart: true,
    run: async (_, now) => void (await publishReceiptRoots(now)),
  },
  { queue: 'survey-flows', schedule: '*/20 * * * *', run: async (_, now) => void (await watchFlows(now)) },
  // Twice a day, so that two runs are less than a day apart.
  {
    queue: 'survey-mix',
    schedule: '30 2,22 * * *',
    run: async (_, now, stopping) =>
      log().info({ rows: await shuffleAnswers(now, stopping) }, 'survey rows written in a new order'),
  },
]

const REMIND_DAYS = 7
const AT_A_TIME = 100

/** Reminds agencies of promises that fall due within a week, once for each due date of a promise. */
export async function remindOfPromises(now: Instant): Promise<void> {
  const by = localDate(addMilliseconds(now, REMIND_DAYS * DAY))
  for (let more = true; more; ) {
    more = await transaction(async (tx) => {
      const due = await takeDuePromises(tx, by, AT_A_TIME)
      for (const { id: replyId, agencyId, dueOn } of due) {
        const day = dueOn.toISOString().slice(0, 10)
        for (const { id: accountId } of await listViewers(tx, agencyId))
          await enqueue(tx, 'promise-notice', { id: randomUUID(), accountId, replyId, dueOn: day })
      }
      return due.length === AT_A_TIME
    })
  }
}

/** Does the job `promise-notice`: one mail in both languages, with the date and a link but not the promise. */
async function sendPromiseNotice({ id, accountId, replyId, dueOn }: Queues['promise-notice'], now: Instant) {
  const to = await findViewerAddress(accountId)
  if (to === null) return
  const base = env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`
  const [subject = '', ...texts] = locales.flatMap((locale) => {
    const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'notices' })
    const page = { pathname: '/admin/survey/comments/replies/[reply]', params: { reply: replyId } } as const
    const link = new URL(pathFor(locale, page), base).href
    const values = { date: formatDate(locale, dueOn), link }
    const text = [t('mail.greeting'), t('promise.text', values)].join('\n\n')
    return locale === 'vi' ? [t('promise.subject', values), text] : [text]
  })
  const body = `${texts.join('\n\n— — —\n\n')}\n`
  await mailer().send({ id, to, subject, body, locale: 'vi', at: now })
}
