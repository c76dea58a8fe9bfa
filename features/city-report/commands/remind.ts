import '#server-only'
import { randomUUID } from 'node:crypto'
import { createTranslator } from 'use-intl/core'
import { addressOfViewer, takeDuePromises, viewersOf } from '#features/ratings/replies/data.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatDate } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'
import { locales } from '#messages/routing.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { mailer } from '#platform/mail.ts'
import { enqueue, type Queues } from '#platform/queue.ts'

/** An agency is reminded so many days before the day of a promise. */
const REMIND_DAYS = 7
const AT_A_TIME = 100

/** Reminds agencies of promises that fall due within a week, each once for each day that it has. */
export async function remindOfPromises(now: Instant): Promise<void> {
  const by = localDate(addMilliseconds(now, REMIND_DAYS * DAY))
  for (let more = true; more; ) {
    more = await transaction(async (tx) => {
      const due = await takeDuePromises(tx, by, AT_A_TIME)
      for (const { id: replyId, agencyId, dueOn } of due) {
        const day = dueOn.toISOString().slice(0, 10)
        for (const { id: accountId } of await viewersOf(tx, agencyId))
          await enqueue(tx, 'promise-notice', { id: randomUUID(), accountId, replyId, dueOn: day })
      }
      return due.length === AT_A_TIME
    })
  }
}

/**
 * Does the job `promise-notice`: sends one mail in both languages, with the day and a link. The promise's own words are
 * not in it.
 */
export async function sendPromiseNotice(
  { id, accountId, replyId, dueOn }: Queues['promise-notice'],
  now: Instant,
): Promise<void> {
  const to = await addressOfViewer(accountId)
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
