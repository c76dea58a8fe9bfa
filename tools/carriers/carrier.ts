import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Behaviour, behaviourOf } from './behaviour.ts'
import { type Changes, InterfaceClient, Refused, type Result } from './interface-client.ts'
import { Register } from './register.ts'
import { Sims } from './sims.ts'
import { receiver, type Take, type Webhook, webhookOf } from './webhook.ts'

export interface CarrierOptions {
  readonly name: string
  readonly baseUrl: string
  readonly apiKey: () => Promise<string>
  /** The folder of the register and the behaviour file. */
  readonly directory: string
  readonly told: Partial<Behaviour>
  readonly say: (text: string) => void
  readonly stop: AbortSignal
}

const WAIT_SECONDS = 25
/** Seconds between two looks for missing proofs while blocks wait for them. */
const PROOF_WAIT_SECONDS = 1
/** Seconds between two reads of the behaviour file while results are held back. */
const SILENT_WAIT_SECONDS = 2
const RESULTS_A_POST = 500
/** Failures in a row before one is printed. */
const SPEAK_AFTER = 4
const LONGEST_PAUSE_MS = 20_000

/** Milliseconds between two reports of owed results, for a carrier with a webhook. */
const OWED_PAUSE_MS = 500

/**
 * Runs a carrier until it is stopped: it reads its book or gets it pushed, carries it out, and answers questions. It
 * survives a crash at any moment.
 */
export async function runCarrier(options: CarrierOptions): Promise<void> {
  const register = await Register.open(join(options.directory, `${options.name}.json`))
  const sims = new Sims(join(options.directory, `${options.name}.sims.json`))
  await Promise.all([
    // A book shorter than the lines carried out is another book, and is carried out from its beginning.
    forEver(
      options,
      (client) => takeTurn(client, register, options),
      () => register.clear(),
    ),
    forEver(
      options,
      (client) => answerSome(client, sims, options),
      async () => {},
    ),
  ])
}

async function forEver(
  { name, baseUrl, apiKey, stop }: CarrierOptions,
  turn: (client: InterfaceClient) => Promise<void>,
  beyondEnd: () => Promise<void>,
): Promise<void> {
  let failures = 0
  while (!stop.aborted) {
    try {
      const client = new InterfaceClient(baseUrl, await apiKey(), stop)
      for (;;) {
        await turn(client)
        failures = 0
      }
    } catch (error) {
      if (stop.aborted) return
      // A site that is only just starting is no reason for a message.
      if (++failures === SPEAK_AFTER) console.error(`${name}: ${(error as Error).message}; trying again`)
      if (error instanceof Refused && error.status === 409) await beyondEnd()
      const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures) * (0.5 + Math.random() / 2)
      await sleep(pause, undefined, { signal: stop }).catch(() => {})
    }
  }
}

/**
 * Answers the open questions, then waits for more. Nothing is stored: after any failure all open questions are read
 * again.
 */
async function answerSome(client: InterfaceClient, sims: Sims, options: CarrierOptions): Promise<void> {
  const behaviour = () => behaviourOf(options.directory, options.name, options.told)
  for (let after = 0; ; ) {
    if ((await behaviour()).mode === 'silent') {
      await sleep(SILENT_WAIT_SECONDS * 1000, undefined, { signal: options.stop })
      after = 0
      continue
    }
    const { next, entries } = await client.questions(after, WAIT_SECONDS)
    after = next
    if (entries.length === 0) continue
    await sleep((await behaviour()).answerDelayMs, undefined, { signal: options.stop })
    const at = client.now().toISOString()
    await client.answer(
      await Promise.all(entries.map(async (question) => ({ ...(await sims.answer(question)), at }))),
    )
    // Phone and identity numbers do not belong in a log.
    options.say(`answered ${entries.length} questions`)
  }
}

async function takeTurn(client: InterfaceClient, register: Register, options: CarrierOptions): Promise<void> {
  const behaviour = () => behaviourOf(options.directory, options.name, options.told)
  // Results that an earlier run has not reported yet come first.
  if ((await behaviour()).mode !== 'silent') await tellOwed(client, register, options)
  const waits = await takeProofs(client, register, options)
  const webhook = await webhookOf(options.directory, options.name)
  // Without a webhook it waits for lines here; with one it reads the missed lines before it listens.
  const wait = webhook
    ? 0
    : waits
      ? PROOF_WAIT_SECONDS
      : register.owed.length > 0
        ? SILENT_WAIT_SECONDS
        : WAIT_SECONDS
  const answer = await client.changes(register.seq, register.known, wait)
  if (answer.entries.length === 0) return webhook ? listen(webhook, client, register, options) : undefined
  if ((await behaviour()).mode === 'away')
    return sleep(SILENT_WAIT_SECONDS * 1000, undefined, { signal: options.stop })
  await client.acknowledge(answer.next)
  await carryOut(answer, client, register, options)
}

/**
 * Reads blocks without a proof again, and the log's key and policy if they are unknown; returns whether any block still
 * waits. A failed request is repeated the next time, because unblocks must not wait for it.
 */
async function takeProofs(
  client: InterfaceClient,
  register: Register,
  options: CarrierOptions,
): Promise<boolean> {
  if (!register.isTrusting) {
    const trust = await Promise.all([client.logKey(), client.logPolicy()]).catch(() => null)
    if (trust !== null) register.keepTrust(...trust)
  }
  if ((await behaviourOf(options.directory, options.name, options.told)).mode === 'away') return true
  for (let after = 0; ; ) {
    const seq = register.waitingAfter(after)
    if (seq === null) return register.waitingAfter(0) !== null
    const { entries, ...answer } = await client.changes(seq - 1, register.known, 0)
    // The line is missing, so this is another book: the next call of `changes` will report that.
    if (entries.length === 0) return true
    const known = entries.filter((line) => line.seq <= register.seq)
    await carryOut({ ...answer, entries: known }, client, register, options)
    after = answer.next
  }
}

/** Receives pushed messages and reports results, until it is stopped. */
async function listen(
  { port, secrets }: Webhook,
  client: InterfaceClient,
  register: Register,
  options: CarrierOptions,
): Promise<void> {
  const take: Take = async (after, message) => {
    if (after > register.seq) return false
    // A repeated message (its answer was lost) has nothing new except possibly proofs.
    await carryOut(message, client, register, options)
    return true
  }
  const server = receiver(secrets, take).listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    options.say(`listens on port ${port}`)
    for (;;) {
      const { mode } = await behaviourOf(options.directory, options.name, options.told)
      if (mode !== 'silent') await tellOwed(client, register, options)
      await takeProofs(client, register, options)
      await sleep(OWED_PAUSE_MS, undefined, { signal: options.stop })
    }
  } finally {
    server.close()
  }
}

async function carryOut(
  answer: Changes,
  client: InterfaceClient,
  register: Register,
  options: CarrierOptions,
): Promise<void> {
  const { mode, code, delayMs, sightings } = await behaviourOf(options.directory, options.name, options.told)
  if (delayMs > 0) await sleep(delayMs, undefined, { signal: options.stop })
  const refusal = mode === 'refuse' ? code : mode === 'fail' ? 'technical' : null
  const before = register.seq
  const faults = await register.take(answer, refusal, client.now())
  for (const fault of faults) console.error(`${options.name}: ${fault}`)
  options.say(`${refusal === null ? 'took in' : 'refused'} lines up to ${answer.next}`)
  if (!sightings || refusal !== null) return
  const at = client.now().toISOString()
  const seen = answer.entries
    .filter(({ seq, action, drill }) => seq > before && action !== 'unblock' && !drill)
    .map(({ imei }) => ({ imei, at, kind: 'attach', area: 'Trạm 4102' }) as const)
  if (seen.length > 0) await client.see(seen)
}

/** Reports results. Sending one twice after a lost reply is harmless. */
async function tellOwed(client: InterfaceClient, register: Register, options: CarrierOptions): Promise<void> {
  while (register.owed.length > 0) {
    const batch = register.owed.slice(0, RESULTS_A_POST)
    const answers = await client.tell(batch)
    const again: Result[] = []
    for (const [index, answer] of answers.entries()) {
      const result = batch[index]
      if (answer.status !== 'unknown' || !result) continue
      // The authority's clock was set back, or this machine's was ahead: the result gets the current time.
      if (new Date(result.at) > client.now()) again.push({ ...result, at: client.now().toISOString() })
      else console.error(`${options.name}: order ${result.order} was not accepted: ${answer.detail}`)
    }
    await register.confirmed(batch.length, again)
    options.say(`told ${batch.length} results`)
  }
}
