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
  /** Folder of the register and the behaviour file. */
  readonly directory: string
  readonly told: Partial<Behaviour>
  readonly say: (text: string) => void
  readonly stop: AbortSignal
}

const WAIT_SECONDS = 25
/** While blocks wait for their proofs, they are looked for this often. */
const PROOF_WAIT_SECONDS = 1
/** While results are held back, the behaviour file is read again this often. */
const SILENT_WAIT_SECONDS = 2
const RESULTS_A_POST = 500
/** Failures in a row before one is told. */
const SPEAK_AFTER = 4
const LONGEST_PAUSE_MS = 20_000

/** Milliseconds between two looks of a carrier that is pushed to for results that it owes. */
const OWED_PAUSE_MS = 500

/** Reads the book, or has it pushed to it, and carries it out, and beside that answers questions, for ever and across any crash. */
export async function runCarrier(options: CarrierOptions): Promise<void> {
  const register = await Register.open(join(options.directory, `${options.name}.json`))
  const sims = new Sims(join(options.directory, `${options.name}.sims.json`))
  await Promise.all([
    // The book is shorter than the lines carried out: it is another book, and is carried out from its beginning.
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
      // A site that is only just starting is nothing to speak of.
      if (++failures === SPEAK_AFTER) console.error(`${name}: ${(error as Error).message}; trying again`)
      if (error instanceof Refused && error.status === 409) await beyondEnd()
      const pause = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures) * (0.5 + Math.random() / 2)
      await sleep(pause, undefined, { signal: stop }).catch(() => {})
    }
  }
}

/** Answers the open lines, then waits for more. Nothing is kept: after any failure all open lines are read again. */
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
    // Numbers, of phones and of papers, do not belong in a log.
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
 * Reads blocks that wait for their proofs again, and the log's key and policy where they are not known; tells whether any still
 * waits. What cannot be had is asked for again the next time: unblocks do not wait for it.
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
    // A book without the line is another one: `changes` after what was taken in will say so.
    if (entries.length === 0) return true
    const known = entries.filter((line) => line.seq <= register.seq)
    await carryOut({ ...answer, entries: known }, client, register, options)
    after = answer.next
  }
}

/** Takes pushed messages as long as it runs, and reports results. */
async function listen(
  { port, secrets }: Webhook,
  client: InterfaceClient,
  register: Register,
  options: CarrierOptions,
): Promise<void> {
  const take: Take = async (after, message) => {
    if (after > register.seq) return false
    // A message that comes again, because its answer was lost, has nothing new but perhaps proofs.
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

/** Reports results; one that is sent twice, because the reply was lost, does no harm. */
async function tellOwed(client: InterfaceClient, register: Register, options: CarrierOptions): Promise<void> {
  while (register.owed.length > 0) {
    const batch = register.owed.slice(0, RESULTS_A_POST)
    const answers = await client.tell(batch)
    const again: Result[] = []
    for (const [index, answer] of answers.entries()) {
      const result = batch[index]
      if (answer.status !== 'unknown' || !result) continue
      // The authority's clock was set back meanwhile, or this machine's was ahead: the act gets the present time.
      if (new Date(result.at) > client.now()) again.push({ ...result, at: client.now().toISOString() })
      else console.error(`${options.name}: order ${result.order} was not accepted: ${answer.detail}`)
    }
    await register.confirmed(batch.length, again)
    options.say(`told ${batch.length} results`)
  }
}
