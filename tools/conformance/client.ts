import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Authority, type Trouble } from './authority.ts'
import type { Line } from './dummy-book.ts'
import type { Verdict } from './verdicts.ts'

export interface ClientCheck {
  readonly port: number
  readonly apiKey: string
  /** The client's time limit for each expected step, in milliseconds. */
  readonly patienceMs: number
  readonly troubleMs?: number
  readonly ready?: (url: string) => void
}

const LOOK_MS = 50
/** The maximum number of requests during trouble from a client that pauses between tries. */
const MOST_REQUESTS = 20

/**
 * Plays the authority for a carrier's own client on a port of this machine, with a book of dummy numbers and the troubles
 * of real networks, and returns the client's faults.
 */
export async function checkClient({
  port,
  apiKey,
  patienceMs,
  troubleMs = 2_000,
  ready,
}: ClientCheck): Promise<Verdict[]> {
  const authority = new Authority(apiKey)
  const { book, server } = authority
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const verdicts: Verdict[] = []
  async function expect(what: string, fault: string, holds: () => boolean): Promise<void> {
    const until = Date.now() + patienceMs
    while (!holds() && Date.now() < until) await sleep(LOOK_MS)
    verdicts.push({ what, fault: holds() ? null : `${fault} within ${patienceMs / 1000} s` })
  }
  const isTold = (lines: readonly Line[]) => lines.every((line) => authority.toldOf(line).length > 0)
  const isDoneOf = (line: Line) =>
    authority.toldOf(line).some((told) => told === 'applied' || told === 'already')
  const add = (count: number) => Array.from({ length: count }, () => book.add())

  /** Adds new lines during trouble: the client must not believe any damaged answer, and must recover afterwards. */
  async function through(trouble: Trouble, what: string): Promise<void> {
    authority.trouble = trouble
    authority.meanwhile.length = 0
    const lines = add(2)
    await sleep(troubleMs)
    const requests = authority.meanwhile.length
    verdicts.push({
      what: `waits between its tries while ${what}`,
      fault: requests > MOST_REQUESTS ? `it asked ${requests} times in ${troubleMs / 1000} s` : null,
    })
    authority.trouble = 'none'
    await expect(`goes on after ${what}`, 'it has not told results', () => isTold(lines))
  }

  try {
    ready?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const first = add(6)
    await expect('reads its book', 'it has not read all lines', () => authority.given === 6)
    await expect('acknowledges what it has', 'it has not acknowledged 6', () => authority.acked === 6)
    await expect('tells a result for each line', 'results are missing', () => isTold(first))
    const [lost] = first
    const unblock = book.add(lost?.imei)
    await expect('unblocks what it has blocked', 'there is no result', () => isTold([unblock]))
    verdicts.push({
      what: 'asks for what proves its lines',
      fault: authority.asksForProofs
        ? null
        : 'it reads version 1, where a forged line cannot be told: add version=2',
    })
    const outcome = authority.toldOf(unblock)[0]
    verdicts.push({
      what: 'tells that it unblocked',
      fault: outcome === 'not_found' ? 'it says not_found of a number that it was told to block' : null,
    })
    verdicts.push({
      what: 'asks whether the log has only grown',
      fault: authority.asksForGrowth
        ? null
        : 'it does not say how much of the log it knows: add known=ENTRIES of the checkpoint that it keeps',
    })
    const doubts = [
      ['whose proof is not there yet', (is: boolean) => (book.sealed = !is)],
      ['under a checkpoint that no witness has signed', (is: boolean) => (book.witnessed = !is)],
      ['under another log than was shown before', (is: boolean) => (book.forked = is)],
      ['beside proofs that cannot be read', (is: boolean) => (book.garbled = is)],
    ] as const
    for (const [at, [what, doubt]] of doubts.entries()) {
      doubt(true)
      const early = book.add()
      const lifted = book.add(first[at + 1]?.imei)
      await expect(`unblocks beside a block ${what}`, 'there is no result', () => isTold([lifted]))
      verdicts.push({
        what: `keeps a block back ${what}`,
        fault: isDoneOf(early) ? 'it carried the block out' : null,
      })
      doubt(false)
      await expect(`carries out later a block ${what}`, 'there is no result', () => isDoneOf(early))
    }
    const forged = book.add(undefined, true)
    const after = book.add(first[5]?.imei)
    await expect('goes on behind a line that the log denies', 'there is no result', () => isTold([after]))
    const watched = book.add(undefined, false, 'watch')
    const unwatched = book.add(undefined, true, 'watch')
    await expect('answers a watch, as done or rejected', 'there is no result', () => isTold([watched]))
    const then = book.add(watched.imei, false, 'block')
    await expect('blocks a phone after its watch', 'there is no result', () => isDoneOf(then))
    verdicts.push({
      what: 'leaves a watched phone in service',
      fault: authority.toldOf(then)[0] === 'already' ? 'it had blocked the phone that it was to watch' : null,
    })
    authority.trouble = 'lost_answer'
    const [again] = add(1) as [Line]
    await expect('tells a result again whose answer was lost', 'it has told it once', () => {
      return authority.toldOf(again).length > 1
    })
    authority.trouble = 'none'
    const same = new Set(authority.toldOf(again)).size <= 1
    verdicts.push({ what: 'tells the same then', fault: same ? null : 'it told another outcome' })
    await through('unavailable', 'the authority answers 503')
    await through('checksum', 'lines do not fit their checksum')
    await through('gap', 'a line is missing')
    verdicts.push({
      what: 'refuses a forged line: one whose entry in the log says another line',
      fault: isDoneOf(forged) ? 'it blocked a phone that nobody has ordered to block' : null,
    })
    verdicts.push({
      what: 'watches nobody by a forged line',
      fault: isDoneOf(unwatched) ? 'it watches a phone that nobody has ordered to watch' : null,
    })
    if (authority.readsQuestions)
      await expect('answers what it is asked', 'a question has no answer', () => authority.allAnswered)
    await expect('has acknowledged all', 'it has not', () => authority.acked === book.head)
    verdicts.push(...[...authority.faults].map((fault) => ({ what: 'keeps to the interface', fault })))
    if (authority.faults.size === 0) verdicts.push({ what: 'keeps to the interface', fault: null })
    return verdicts
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
