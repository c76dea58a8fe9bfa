import '#server-only'
import { CODE_LIFETIME } from '#features/contact-codes/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { mailer } from '#platform/mail.ts'
import { countMessage } from '#platform/message-counts/commands.ts'
import { MessageRefused, messageFault } from '#platform/message-fault.ts'
import { type Job, QUEUE_OPTIONS } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { smsSender } from '#platform/sms.ts'
import { approvedTemplates, sendByZalo } from '#platform/zalo.ts'
import {
  findWaitingNotice,
  hasSentCodeByZalo,
  markNoticeSent,
  markTried,
  type WaitingNotice,
} from './data.ts'
import { codeOfMessage } from './message-codes/rules.ts'
import type { MessageWay } from './rules.ts'
import { renderMail, renderSms, type Site, zaloTemplate } from './templates.ts'

/** The first try and the queue's retries. */
const TRIES = 1 + (QUEUE_OPTIONS['notice-send'].retryLimit ?? 0)

/**
 * Runs the job `notice-send` for one message. Throws on a failure, so that the queue retries; after the last try the message is
 * `failed`. If the process stops between sending and marking, the message is sent again, with the same Message-ID or file name.
 */
export const sendNotice = (id: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () => send(id, now))

async function send(id: string, now: Instant): Promise<void> {
  const notice = await findWaitingNotice(id)
  if (!notice) return
  const { template, channel } = notice
  if (isStale(template, notice.createdAt, now)) {
    await countMessage(channel === 'email' ? 'mail' : 'sms', 'given_up', { code: 'stale', now })
    return markTried(id, 'stale', true)
  }
  let way: MessageWay
  try {
    way = await deliver(id, notice, now)
  } catch (error) {
    const fault = messageFault(error)
    const refused = error instanceof MessageRefused
    const last = refused || notice.attempts + 1 >= TRIES
    await markTried(id, fault, last)
    if (last) log().error({ noticeId: id, template, channel, fault, refused }, 'a message was given up')
    // Another try would be refused as well.
    if (refused) return
    if (last) await countMessage(channel === 'email' ? 'mail' : 'sms', 'given_up', { code: fault, now })
    // The original error may contain the address, so it is not passed on.
    throw new Error(`notice ${id} could not be sent: ${fault}`)
  }
  await markNoticeSent(id, way, now)
}

const isStale = (template: string, createdAt: Date, now: Date): boolean =>
  template.startsWith('code_') && now.getTime() - createdAt.getTime() >= CODE_LIFETIME

async function deliver(id: string, notice: WaitingNotice, now: Instant): Promise<MessageWay> {
  const { to, template, locale, createdAt: at } = notice
  const { PUBLIC_URL, PORT, MESSAGE_CODES } = env()
  const params = MESSAGE_CODES === 'on' ? { ...notice.params, mark: codeOfMessage(id) } : notice.params
  const site = { url: PUBLIC_URL ?? `http://127.0.0.1:${PORT}` }
  if (notice.channel === 'email') {
    const { subject, body } = renderMail(template, locale, { ...params, at: at.toISOString() }, site)
    await mailer().send({ id, to, subject, body, locale, at })
    return 'mail'
  }
  if (await sentByZalo(id, { ...notice, params }, site, now)) return 'zalo'
  await smsSender().send({ id, to, text: renderSms(template, locale, params, site), at })
  return 'sms'
}

/** Tries Zalo, if it is configured and the template approved. If it returns false, the message goes by SMS at once. */
async function sentByZalo(id: string, notice: WaitingNotice, site: Site, now: Instant): Promise<boolean> {
  const { to, template, locale, params, caseId } = notice
  const approved = approvedTemplates()
  const { mark: _, ...unmarked } = params
  // If the text has changed since its approval, Zalo's template would say something else or lack a value. Templates approved
  // before messages had codes are sent without one.
  const message = [params, unmarked]
    .map((values) => zaloTemplate(template, locale, values, site))
    .find((one) => one !== null && approved[one.name]?.text === one.text)
  const found = message && approved[message.name]
  if (!message || !found) return false
  // A person who asks for another code did not see the first.
  const since = addMilliseconds(now, -HOUR)
  if (template.startsWith('code_') && (await hasSentCodeByZalo(caseId, since))) return false
  try {
    await sendByZalo({ id, to, templateId: found.id, data: message.data }, now)
    return true
  } catch (error) {
    log().info({ noticeId: id, fault: messageFault(error) }, 'Zalo did not take a message: it goes by SMS')
    return false
  }
}

export const jobs: readonly Job[] = [{ queue: 'notice-send', run: ({ id }, now) => sendNotice(id, now) }]
