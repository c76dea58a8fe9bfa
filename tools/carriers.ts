/**
 * `npm run carriers`: the demo carriers, and a reference for a developer of a carrier's client. They use only the public
 * carrier interface (/api/openapi.json), Node and fetch, and no code of the product.
 *
 * `npm run carriers -- --carrier gmobile --mode refuse --code not_supported --delay 2000` runs one carrier that behaves
 * badly; `--sightings` reports each blocked phone as seen once. DATA_DIR/eir/CARRIER.behaviour.json sets the same for a
 * running carrier. DATA_DIR/eir/CARRIER.sims.json lists which numbers were seen in which IMEIs (carriers/sims.ts). With
 * `{ "port": 4011, "secrets": ["whsec_…"] }` in DATA_DIR/eir/CARRIER.webhook.json the carrier gets pushed messages there,
 * instead of reading its book (carriers/webhook.ts). The demo banks and wallets of DATA_DIR/demo-receivers.json run
 * beside them (carriers/receiver.ts).
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endWithUsage, readArguments } from '../scripts/arguments.ts'
import { isMode, MODES } from './carriers/behaviour.ts'
import { runCarrier } from './carriers/carrier.ts'
import { runReceiver } from './carriers/receiver.ts'

const USAGE = `usage: npm run carriers [-- --carrier ID] [--url URL] [--mode ${MODES.join('|')}] [--code CODE] [--delay MS] [--answer-delay MS] [--sightings] [--verbose]`
const { values: flags } = readArguments(USAGE, {
  options: {
    carrier: { type: 'string' },
    url: { type: 'string' },
    mode: { type: 'string' },
    code: { type: 'string' },
    delay: { type: 'string' },
    'answer-delay': { type: 'string' },
    sightings: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },
})
const { mode } = flags
if (mode !== undefined && !isMode(mode)) endWithUsage(USAGE)

const { PORT = '3000', HOST = '127.0.0.1', DATA_DIR = '.data', PUBLIC_URL, CARRIER_KEYS } = process.env
const baseUrl = flags.url ?? (PUBLIC_URL || `http://${HOST}:${PORT}`)

const stop = new AbortController()
for (const event of ['SIGTERM', 'SIGINT'] as const) process.on(event, () => stop.abort())
// The parent process is gone.
process.on('disconnect', () => stop.abort())

/** Reads the API keys by carrier: `CARRIER_KEYS=viettel=KEY,gmobile=KEY`, or those of the demo accounts. */
async function readKeys(): Promise<Map<string, string>> {
  if (CARRIER_KEYS) {
    return new Map(CARRIER_KEYS.split(',').map((pair) => pair.split('=', 2) as [string, string]))
  }
  const accounts: { role: string; carrier?: string; apiKey?: string }[] = JSON.parse(
    await readFile(join(DATA_DIR, 'demo-accounts.json'), 'utf8'),
  )
  return new Map(
    accounts.flatMap(({ carrier, apiKey }) => (carrier && apiKey ? [[carrier, apiKey] as const] : [])),
  )
}

/** Waits for the keys: the accounts may be created a moment after this process has started. */
async function waitForKeys(): Promise<Map<string, string>> {
  while (!stop.signal.aborted) {
    const keys = await readKeys().catch(() => null)
    if (keys && keys.size > 0) return keys
    await sleep(1_000, undefined, { signal: stop.signal }).catch(() => {})
  }
  return new Map()
}

const names = [...(await waitForKeys()).keys()].filter((name) => !flags.carrier || name === flags.carrier)
if (names.length === 0 && !stop.signal.aborted) {
  console.error('No API key for such a carrier.')
  process.exitCode = 1
}
/** Reads the demo banks and wallets with their keys; none for carriers that run with their own keys. */
async function readReceivers(): Promise<[string, string][]> {
  if (CARRIER_KEYS || flags.carrier) return []
  const text = await readFile(join(DATA_DIR, 'demo-receivers.json'), 'utf8').catch(() => '{}')
  return Object.entries(JSON.parse(text) as Record<string, string>)
}

const receivers = await readReceivers()
await Promise.all([
  ...receivers.map(([name, apiKey]) =>
    runReceiver({ name, baseUrl, apiKey, directory: join(DATA_DIR, 'eir'), stop: stop.signal }),
  ),
  ...names.map((name) =>
    runCarrier({
      name,
      baseUrl,
      // Read again after each refusal, so that a new key is found without a restart.
      apiKey: async () => (await readKeys()).get(name) ?? '',
      directory: join(DATA_DIR, 'eir'),
      told: {
        ...(mode !== undefined && { mode }),
        ...(flags.code !== undefined && { code: flags.code }),
        ...(flags.delay !== undefined && { delayMs: Number(flags.delay) }),
        ...(flags.sightings && { sightings: true }),
        ...(flags['answer-delay'] !== undefined && { answerDelayMs: Number(flags['answer-delay']) }),
      },
      say: flags.verbose ? (text) => console.log(`${name}: ${text}`) : () => {},
      stop: stop.signal,
    }),
  ),
])
// The channel to the parent would keep the process alive.
if (process.connected) process.disconnect()
