import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kept } from '../../kept.ts'
import { limitMemory } from '../memory.ts'
import { type Fault, type Faults, type Scene, until } from '../scene.ts'
import type { Stage } from '../stage.ts'

/** Kills processes and, for web servers, waits until the proxy notices. Before that, the site would look whole. */
async function kill({ webs, balancer }: Stage, killed: readonly Kept[]): Promise<void> {
  for (const one of killed) one.kill()
  const left = webs.filter((web) => !killed.includes(web)).length
  await until(() => balancer.readyPorts().length <= left, 20)
}

const killOne = (kept: (stage: Stage) => readonly Kept[]): Fault => ({
  happen: ({ stage, draw }) => kill(stage, [draw.oneOf(kept(stage))]),
})

const killAll = (kept: (stage: Stage) => readonly Kept[]): Fault => ({
  happen: ({ stage }) => kill(stage, kept(stage)),
})

/** Ends a process gracefully, and waits until the next one is ready and, if it is a web server, gets requests. */
async function replace({ balancer, webs }: Stage, one: Kept): Promise<void> {
  const before = one.starts
  const isBack = () => one.starts > before && one.isReady && balancer.readyPorts().length === webs.length
  if (one.restart()) await until(isBack)
}

/** How long a phone on a slow network takes to send its proof, and when the server is asked to end. */
const UPLOAD_MS = 12_000
const ENDED_AT_MS = 2_000
const PIECES = 48

/**
 * Returns a `fetch` that bypasses the proxy and sends to one server piece by piece, like a proxy that streams
 * an upload. `begun` is called when the server has to be ended.
 */
function slowlyTo({ balancer }: Stage, port: number, begun: () => void): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input))
    const body = Buffer.from(await new Response(init?.body ?? null).arrayBuffer())
    const headers = Object.fromEntries(new Headers(init?.headers))
    const answered = Promise.withResolvers<Response>()
    const to = request({
      host: '127.0.0.1',
      port,
      path: `${url.pathname}${url.search}`,
      method: init?.method ?? 'GET',
      headers: {
        ...headers,
        host: new URL(balancer.url).host,
        'x-forwarded-for': '203.0.113.7',
        'content-length': body.length,
      },
      agent: false,
    })
    to.on('error', answered.reject)
    // The connection may fail before the whole body is sent, when nothing awaits the answer yet.
    answered.promise.catch(() => {})
    to.on('response', async (answer) => {
      const content = await buffer(answer).catch(() => Buffer.alloc(0))
      const kept = new Headers(
        Object.entries(answer.headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one): [string, string] => [name, one]),
        ),
      )
      const status = answer.statusCode ?? 500
      answered.resolve(new Response(content.length > 0 ? content : null, { status, headers: kept }))
    })
    const size = Math.ceil(body.length / PIECES)
    setTimeout(begun, ENDED_AT_MS)
    for (let at = 0; at < body.length; at += size) {
      to.write(body.subarray(at, at + size))
      await sleep(UPLOAD_MS / PIECES)
    }
    to.end()
    return answered.promise
  }
}

/** Replaces all servers one by one, the first while it receives a slow proof. */
async function rollWithUpload({ stage, people, notes, wrong }: Scene): Promise<void> {
  const { balancer, webs, workers, ports } = stage
  await until(() => balancer.readyPorts().length === webs.length)
  const [first, ...others] = [...webs, ...workers]
  const [port] = ports
  if (!first || port === undefined) return
  let replaced = Promise.resolve()
  const cutBefore = people.told.proofsAgain
  const proofBy = slowlyTo(stage, port, () => {
    replaced = replace(stage, first)
  })
  try {
    await people.report({ proofBy, large: true })
    if (people.told.proofsAgain === cutBefore)
      notes.uploadsThroughARestart = (notes.uploadsThroughARestart ?? 0) + 1
  } catch (error) {
    wrong.push(`an upload under way at a restart: ${error instanceof Error ? error.message : error}`)
  }
  await replaced
  for (const one of others) await replace(stage, one)
}

/** The share of its memory that a worker gets: too little, so that it may not start, or may end in the middle of a job. */
const SHARE = 0.75
const LIMITED_MS = 15_000

async function starve({ stage, draw, notes }: Scene): Promise<void> {
  const worker = draw.oneOf(stage.workers)
  await until(() => worker.resident > 0)
  const limit = limitMemory(Math.round(worker.resident * SHARE))
  worker.memory = limit
  worker.restart()
  await sleep(LIMITED_MS)
  worker.memory = null
  const before = worker.starts
  worker.restart()
  await until(() => worker.starts > before)
  limit.release()
  const name = `ends by a limit of memory (${limit.way})`
  notes[name] = (notes[name] ?? 0) + limit.ends
}

export const PROCESS_FAULTS: Faults = {
  'kill -9 of a web server': killOne(({ webs }) => webs),
  'kill -9 of a worker': killOne(({ workers }) => workers),
  'kill -9 of all carriers': killOne(({ carriers }) => [carriers]),
  'kill -9 of both web servers': killAll(({ webs }) => webs),
  'kill -9 of both workers': killAll(({ workers }) => workers),
  'a rolling restart during an upload of 12 s': { happen: rollWithUpload },
  'too little memory for a worker': { happen: starve },
}
