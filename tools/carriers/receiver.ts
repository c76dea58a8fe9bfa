import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ReceiverOptions {
  readonly name: string
  readonly baseUrl: string
  readonly apiKey: string
  /** The folder of the file with its answers. */
  readonly directory: string
  readonly stop: AbortSignal
}

interface Alert {
  readonly id: string
  readonly type: string
  readonly subject?: string
  readonly sequence: string
}

const WAIT_SECONDS = 25
const LONGEST_PAUSE_MS = 20_000
/** Milliseconds between two tries while alerts are switched off (404) or its key was revoked (401). */
const REFUSED_PAUSE_MS = 60_000

/**
 * Acts as a demo bank or wallet (/api/openapi.json, `alerts`): it reads its alerts and answers each `device.reported`
 * with `locked`, or with the outcome in DATA_DIR/eir/NAME.receiver.json: `{ "outcome": "call_needed" }`. It does not
 * store how far it has read: each start reads from the first alert, because repeating an answer is harmless.
 */
export async function runReceiver(options: ReceiverOptions): Promise<void> {
  let [after, failures] = [0, 0]
  while (!options.stop.aborted) {
    try {
      after = await takeTurn(options, after)
      failures = 0
    } catch (error) {
      if (options.stop.aborted) return
      failures += 1
      const isRefused = error instanceof Refused && [401, 404].includes(error.status)
      const pause = isRefused ? REFUSED_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures)
      // It has read further than the alerts go, so they belong to another database.
      if (error instanceof Refused && error.status === 409) after = 0
      await sleep(pause, undefined, { signal: options.stop }).catch(() => {})
    }
  }
}

class Refused extends Error {
  readonly status: number
  constructor(status: number) {
    super(String(status))
    this.status = status
  }
}

async function ask<T>({ baseUrl, apiKey, stop }: ReceiverOptions, path: string, body?: object): Promise<T> {
  const response = await fetch(new URL(`/api/alerts/v1/${path}`, baseUrl), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([stop, AbortSignal.timeout((WAIT_SECONDS + 20) * 1000)]),
  })
  if (!response.ok) throw new Refused(response.status)
  return (await response.json()) as T
}

async function takeTurn(options: ReceiverOptions, after: number): Promise<number> {
  const found = await ask<{ next: number; entries: Alert[] }>(
    options,
    `changes?after=${after}&wait=${WAIT_SECONDS}`,
  )
  const text = await readFile(join(options.directory, `${options.name}.receiver.json`), 'utf8').catch(
    () => '{}',
  )
  const { outcome = 'locked' } = JSON.parse(text) as { outcome?: string }
  const at = new Date().toISOString()
  // Alerts without a number need no answer: the citizen withdrew the consent.
  const results = found.entries
    .filter(({ type, subject }) => type === 'device.reported' && subject !== undefined)
    .map(({ id }) => ({ alert: id, outcome, at }))
  if (results.length > 0) await ask(options, 'results', { results })
  return found.next
}
