import { randomBytes, randomUUID } from 'node:crypto'
import { PUSH } from '#features/exchange/push/rules.ts'
import { webhookHeaders } from '#platform/webhook.ts'
import { type Changes, DummyBook } from './dummy-book.ts'
import type { Verdict } from './verdicts.ts'

export interface Receiver {
  readonly url: string
  /** As the authority showed it, `whsec_…`. */
  readonly secret: string
  /** The last sequence that it has. */
  readonly after: number
}

/** Changes one thing of a message and leaves the rest valid. */
interface Spoilt {
  readonly id?: string
  readonly secrets?: readonly Uint8Array[]
  readonly secondsAgo?: number
  /** Changes the headers after they were signed. */
  readonly headers?: (signed: Record<string, string>) => Record<string, string>
  /** Changes the body after it was signed. */
  readonly body?: (signed: string) => string
}

const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ''), 'base64')

const flipped = (text: string, at: number): string => {
  const bytes = Buffer.from(text)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes.toString()
}

/** Ends the checks: a receiver that does not answer would fail every one of them for the same reason. */
class Unanswered extends Error {}

/** Hints for the operator, by the code of the connection's error (Node.js, OpenSSL). */
const TO_CHECK: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^ECONNREFUSED$/, 'nothing listens there: is the receiver running, and is the port right?'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name is not found: is it spelt right, and known to this machine’s DNS?'],
  [
    /^(EHOSTUNREACH|ENETUNREACH)$/,
    'there is no way to that address from this machine: check network and firewall.',
  ],
  [
    /^(ERR_SSL|ERR_TLS|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/,
    'TLS failed: check the certificate, its chain and its name.',
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    'the connection was closed without an answer: see the receiver’s own log; is https meant where http is spoken?',
  ],
]

function toCheck(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } }
  if (name === 'TimeoutError')
    return `it had not answered after ${PUSH.timeoutMs / 1000} s: is it reachable through its firewall, and does it answer before it works?`
  const code = cause?.code ?? ''
  const words = TO_CHECK.find(([pattern]) => pattern.test(code))?.[1]
  return `no answer${code && ` (${code})`}: ${words ?? 'check the address, and the receiver’s own log.'}`
}

/**
 * Sends a webhook receiver every kind of message, good and bad, as the authority or a stranger would, and returns its
 * faults; stops at the first message without an answer. All numbers are dummies, but use a test receiver, because its
 * register has them afterwards.
 */
export async function checkReceiver(receiver: Receiver): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  try {
    await sendAll(receiver, verdicts)
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error
  }
  return verdicts
}

async function sendAll({ url, secret, after }: Receiver, verdicts: Verdict[]): Promise<void> {
  const book = new DummyBook(after)
  let place = after

  async function send(message: Changes, spoilt: Spoilt = {}): Promise<{ status: number; why: string }> {
    const text = JSON.stringify(message)
    const at = new Date(Date.now() - (spoilt.secondsAgo ?? 0) * 1000)
    const signed = webhookHeaders(spoilt.secrets ?? [keyOf(secret)], spoilt.id ?? randomUUID(), at, text)
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(spoilt.headers?.(signed) ?? signed) },
        body: spoilt.body?.(text) ?? text,
        redirect: 'manual',
        signal: AbortSignal.timeout(PUSH.timeoutMs),
      })
      await response.body?.cancel()
      return { status: response.status, why: `it answered ${response.status}` }
    } catch (error) {
      return { status: 0, why: toCheck(error) }
    }
  }

  async function answerTo(what: string, message: Changes, spoilt?: Spoilt) {
    const answer = await send(message, spoilt)
    if (answer.status > 0) return answer
    verdicts.push({ what, fault: answer.why, ended: true })
    throw new Unanswered()
  }

  const isTaken = (status: number) => status >= 200 && status < 300
  async function takes(what: string, message: Changes, spoilt?: Spoilt): Promise<void> {
    const { status, why } = await answerTo(`takes ${what}`, message, spoilt)
    const redirect = status >= 300 && status < 400 ? ': redirects are not followed' : ''
    verdicts.push({
      what: `takes ${what}`,
      fault: isTaken(status) ? null : `${why}${redirect}; expected 2xx`,
    })
  }
  async function refuses(what: string, message: Changes, spoilt?: Spoilt): Promise<void> {
    const { status, why } = await answerTo(`refuses ${what}`, message, spoilt)
    const fault = isTaken(status)
      ? `${why}, as if all were well; expected 401 or another 4xx`
      : status === 410
        ? `${why}, and 410 stops all pushing; expected another 4xx`
        : status >= 500
          ? `${why}; expected 4xx`
          : null
    verdicts.push({ what: `refuses ${what}`, fault })
  }
  function next(lines = 2): Changes {
    for (let count = 0; count < lines; count++) book.add()
    return book.changes(place)
  }
  const goOn = () => {
    place = book.head
  }

  await takes('a test message, which has no lines', book.changes(place))
  const first = next(3)
  const id = randomUUID()
  await takes('two or more lines', first, { id })
  await takes('the same message again, as after a lost answer', first, { id })
  goOn()

  const second = next()
  await refuses('a message without a signature', second, { headers: () => ({}) })
  await refuses('a signature with a flipped bit', second, {
    headers: (signed) => ({ ...signed, 'webhook-signature': flipped(signed['webhook-signature'] ?? '', 5) }),
  })
  await refuses('a body with a flipped bit', second, { body: (text) => flipped(text, text.length - 10) })
  await refuses('a signature under another secret', second, { secrets: [randomBytes(32)] })
  await refuses('a right signature under another id', second, {
    headers: (signed) => ({ ...signed, 'webhook-id': randomUUID() }),
  })
  await refuses('a right signature under another time', second, {
    headers: (signed) => ({
      ...signed,
      'webhook-timestamp': String(Number(signed['webhook-timestamp']) + 1),
    }),
  })
  await refuses('a message that is ten minutes old', second, { secondsAgo: 600 })
  await refuses('a message from ten minutes ahead', second, { secondsAgo: -600 })
  await takes('the same message, rightly signed, after all that', second)
  goOn()

  await takes('a message with two signatures, the second one right', next(), {
    secrets: [randomBytes(32), keyOf(secret)],
  })
  goOn()
  await takes('a signature of a kind that it does not know beside its own', next(), {
    headers: (signed) => ({ ...signed, 'webhook-signature': `v1a,AAAA ${signed['webhook-signature']}` }),
  })
  goOn()

  const plain = next()
  const more = {
    ...plain,
    entries: plain.entries.map((line) => ({ ...line, later: 1 })),
    later: { than: 'now' },
  }
  await takes('fields that it does not know', more)
  goOn()
  const spoilt = next()
  await refuses('lines that do not fit their checksum', { ...spoilt, sha256: '0'.repeat(64) })
  await takes('the same lines with their checksum', spoilt)
  goOn()

  const missing = next()
  const far = book.head
  book.add()
  const early = book.changes(far)
  await refuses('a message whose lines begin beyond what it has', early)
  await takes('the lines that were missing', { ...missing, head: book.head })
  await takes('the message that came too early, now in its place', early)
  goOn()
  book.add()
  await takes('lines of which it has the first ones already', book.changes(place - 1))
  goOn()
  const [lost] = first.entries
  book.add(lost?.imei)
  await takes('an unblock after a block', book.changes(place))
  goOn()
  await takes(`a message of ${PUSH.lines} lines, the most there are, in time`, next(PUSH.lines))
  goOn()
}
