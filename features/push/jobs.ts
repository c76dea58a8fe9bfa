import '#server-only'
import { createTranslator } from 'use-intl/core'
import { generateRequestDetails } from 'web-push'
import type { Instant } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { pathFor } from '#messages/paths.ts'
import { languageOf } from '#messages/ready-text.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { countMessage, sendCounted } from '#platform/message-counts/commands.ts'
import { MessageDeferred, MessageRefused, messageFault } from '#platform/message-fault.ts'
import { post } from '#platform/outward.ts'
import { type Job, QUEUE_OPTIONS } from '#platform/queue.ts'
import { removeDevice } from './acts.ts'
import { type DueDevice, pushKeys, readDueDevice, services, settleTry } from './data.ts'
import { isKnownEndpoint, KEPT_SECONDS, PATIENCE_MS } from './rules.ts'

/** Failed tries after which a device is not told of this news. */
const TRIES = 1 + (QUEUE_OPTIONS['push-device'].retryLimit ?? 0)

type Keys = NonNullable<ReturnType<typeof pushKeys>>

/**
 * Tells one device that there is news. Throws on failure, so that the queue tries again later. Removes a device that its push
 * service no longer knows, or that was subscribed under a former key of ours.
 */
export async function pushToDevice(id: string, clock: () => Instant): Promise<void> {
  const [device, keys] = [await readDueDevice(id), pushKeys()]
  if (device === null || keys === null) return
  // Checked again: the known services may have changed since the device was added.
  if (device.by !== keys.publicKey || !isKnownEndpoint(device.endpoint, services()))
    return removeDevice(device, clock())
  try {
    await sendCounted('push', () => send(device, keys))
  } catch (error) {
    const fault = messageFault(error)
    if (GONE.includes(fault)) return removeDevice(device, clock())
    const last = error instanceof MessageRefused || device.attempts + 1 >= TRIES
    await settleTry(device, last ? { newsAt: null } : { attempts: { increment: 1 } })
    if (!last) throw new Error(`device ${id} could not be told: ${fault}`)
    log().warn({ deviceId: id, fault }, 'a device was not told of its news')
    await countMessage('push', 'given_up', { code: fault, now: clock() })
    return
  }
  await settleTry(device, { newsAt: null, lastSuccessAt: clock() })
}

/** The push service has forgotten the device (RFC 8030), or its keys are invalid: no message can reach it. */
const GONE = ['404', '410', 'keys']
/** Faults that no retry changes. */
const FOR_GOOD = ['400', '413']

async function send(device: DueDevice, keys: Keys): Promise<number> {
  const { endpoint } = device
  const { headers, body } = encrypted(device, keys)
  const url = new URL(endpoint)
  const trusted = env().PUSH_ALLOW.includes(url.origin)
  const answer = await post({ url, headers, body, timeoutMs: PATIENCE_MS, trusted })
  if ('fault' in answer) throw new MessageDeferred(answer.fault)
  const { status } = answer
  if (status >= 200 && status < 300) return 0
  const code = String(status)
  throw GONE.includes(code) || FOR_GOOD.includes(code) ? new MessageRefused(code) : new MessageDeferred(code)
}

/**
 * Returns the message for a push service: only the browser can read it (RFC 8291), and the service knows us by our key (RFC
 * 8292).
 */
function encrypted(device: DueDevice, { publicKey, privateKey }: Keys) {
  const { id, endpoint, keys } = device
  try {
    const { headers, body } = generateRequestDetails({ endpoint, keys }, JSON.stringify(newsFor(device)), {
      vapidDetails: { subject: contact(), publicKey, privateKey },
      TTL: KEPT_SECONDS,
      urgency: 'normal',
      // Of several messages that wait for an offline device, the newest is enough.
      topic: id.replaceAll('-', ''),
    })
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
    return { headers: Object.fromEntries(named) as Record<string, string>, body }
  } catch {
    // The library's error may quote the keys.
    throw new MessageRefused('keys')
  }
}

/** Returns a notice of news without the content: anybody can read a locked screen. */
function newsFor({ number, locale }: DueDevice) {
  const language = languageOf(locale)
  const t = createTranslator({ locale: language, messages: catalogue[language], namespace: 'push.news' })
  return number === null
    ? { body: t('phones'), url: pathFor(language, '/my-phones') }
    : {
        body: t('case', { number }),
        url: pathFor(language, { pathname: '/track/[number]', params: { number } }),
      }
}

/** Returns the address at which a push service can contact us. */
function contact(): string {
  const { SECURITY_CONTACT, PUBLIC_URL, MAIL_FROM } = env()
  if (SECURITY_CONTACT !== undefined) return SECURITY_CONTACT
  return PUBLIC_URL?.startsWith('https:') ? PUBLIC_URL : `mailto:${/[^\s<>]+@[^\s<>]+/.exec(MAIL_FROM)?.[0]}`
}

export const jobs: readonly Job[] = [
  { queue: 'push-device', apart: 10, run: ({ id }) => pushToDevice(id, () => new Date()) },
]
