import '#server-only'
import { createTranslator } from 'use-intl/core'
import type { Instant } from '#domain/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale as locale } from '#messages/routing.ts'
import { env } from '#server/platform/env.ts'
import { mailer } from '#server/platform/mail.ts'
import type { Job } from '#server/platform/queue.ts'
import { drawLetter, drawLetters } from './commands/draw-letter.ts'
import { stepDrill } from './commands/drill.ts'
import { gatherLetters } from './commands/make-letter.ts'
import { pushBook, pushWhatIsDue } from './commands/push.ts'
import { sendTest } from './commands/test-message.ts'
import { stoppedMail } from './repository/relay-people.ts'

/** Tells one person of the relay that pushing to a carrier has stopped. A mail sent twice is one to its reader. */
async function tellStopped(carrierId: string, accountId: string, id: string, at: Instant): Promise<void> {
  const mail = await stoppedMail(carrierId, accountId)
  if (mail === null) return
  const { to, carrier, why } = mail
  const t = createTranslator({ locale, messages: catalogue[locale], namespace: 'delivery.mail' })
  const base = env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`
  const page = { pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId } } as const
  const body = t(why, { carrier, url: new URL(pathFor(locale, page), base).href })
  await mailer().send({ id, to, subject: t('subject', { carrier }), body: `${body}\n`, locale, at })
}

/** One for each carrier there is, or nearly. */
const AT_ONCE = 5

const clock = (): Instant => new Date()

export const jobs: readonly Job[] = [
  {
    queue: 'push',
    apart: AT_ONCE,
    run: ({ carrierId }, _now, stopping) => pushBook(carrierId, clock, stopping),
  },
  // What a killed worker left, and tries whose own job went missing.
  { queue: 'push-due', schedule: '* * * * *', run: (_, now) => pushWhatIsDue(now) },
  {
    queue: 'push-test',
    run: ({ carrierId, messageId }) => sendTest(carrierId, messageId, clock),
  },
  {
    queue: 'push-stopped',
    run: ({ carrierId, accountId, mailId }, now) => tellStopped(carrierId, accountId, mailId, now),
  },
  { queue: 'drill-step', run: ({ drillId }, now) => stepDrill(drillId, now) },
  {
    queue: 'letters',
    // 8:00 and 14:00 in the city: an order is due after 24 hours, also at a weekend.
    schedule: '0 1,7 * * *',
    async run(_data, now) {
      await gatherLetters(now)
      await drawLetters(now)
    },
  },
  // One at a time: a drawing takes memory.
  { queue: 'letter-draw', batchSize: 1, run: ({ letterId }, now) => drawLetter(letterId, now) },
]
