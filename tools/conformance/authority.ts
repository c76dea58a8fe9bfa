import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ackSchema,
  answersSchema,
  changesQuerySchema,
  resultsSchema,
  sightingsSchema,
} from '#features/exchange/interface/rules.ts'
import type { EntryOutcome } from '#features/exchange/orders/rules.ts'
import { isDone } from '#features/exchange/results/rules.ts'
import { type Changes, DummyBook } from './dummy-book.ts'

/** The fault that the authority currently simulates, as in real networks and servers. */
export type Trouble = 'none' | 'checksum' | 'gap' | 'unavailable' | 'lost_answer'

const askedOf = {
  msisdn: '+84901234567',
  askedAt: '2026-11-24T08:00:00.000Z',
  expiresAt: '2026-12-01T08:00:00.000Z',
}
/** One question of each kind, about a number that no carrier has given out, and one of a future kind. */
const QUESTIONS = [
  {
    question: '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c01',
    kind: 'number_in_imei',
    imei: '356789101234563',
    ...askedOf,
  },
  {
    question: '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c02',
    kind: 'imei_of_number',
    subscriber: { idKind: 'cccd', idNumber: '079190012345' },
    ...askedOf,
  },
  {
    question: '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c04',
    kind: 'subscriber_of_number',
    subscriber: { idKind: 'cccd', idNumber: '079190012345' },
    ...askedOf,
  },
  { question: '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c03', kind: 'to_come', ...askedOf },
].map((question, at) => ({ seq: at + 1, ...question }))

/** The valid answers to each kind of question; "unknown" for a kind that does not exist yet. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  number_in_imei: ['yes', 'no', 'unknown'],
  imei_of_number: ['imeis', 'not_subscriber', 'unknown'],
  subscriber_of_number: ['yes', 'not_subscriber', 'unknown'],
  to_come: ['unknown'],
}

/** Milliseconds between two looks for a client that waits at `changes`. */
const LOOK_MS = 50

/** A minimal authority side of the carrier interface that watches what a client does. */
export class Authority {
  readonly book = new DummyBook()
  readonly server: Server
  readonly #apiKey: string
  trouble: Trouble = 'none'
  /** The last line that went out complete and in order. */
  given = 0
  acked = 0
  /** The received outcomes by `order,imei`, including repetitions. */
  readonly results = new Map<string, EntryOutcome[]>()
  /** True if the client reads questions, which is optional. */
  readsQuestions = false
  readonly answered = new Set<string>()
  /** True if the client asks for version 2, which has proofs. */
  asksForProofs = false
  /** True if the client says how much of the log it knows, so that it gets the proof that the log has only grown. */
  asksForGrowth = false
  readonly faults = new Set<string>()
  /** Times of the requests that came during trouble. */
  readonly meanwhile: number[] = []

  constructor(apiKey: string) {
    this.#apiKey = apiKey
    this.server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
  }

  get allAnswered(): boolean {
    return QUESTIONS.every(({ question }) => this.answered.has(question))
  }

  toldOf({ order, imei }: { readonly order: string; readonly imei: string }): readonly string[] {
    return this.results.get(`${order},${imei}`) ?? []
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://authority')
    const call = url.pathname.replace('/api/carrier/v1/', '')
    const say = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    if (url.pathname === '/api/v1/audit/key') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`${this.book.log.verifier}\n`)
      return
    }
    if (url.pathname.startsWith('/log/policy/')) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(this.book.log.policy)
      return
    }
    if (request.headers.authorization !== `Bearer ${this.#apiKey}`) {
      this.faults.add(`${call}: it did not send Authorization: Bearer with its key`)
      return say(401, { title: 'no key' })
    }
    if (this.trouble !== 'none') this.meanwhile.push(Date.now())
    if (this.trouble === 'unavailable') return say(503, { title: 'try again later' })
    if (call === 'changes') return this.#changes(url, request, say)
    if (call === 'questions') {
      const after = Number(url.searchParams.get('after') ?? 0)
      this.readsQuestions = true
      const entries = QUESTIONS.filter(({ seq, question }) => seq > after && !this.answered.has(question))
      if (entries.length === 0) await sleep(Math.min(Number(url.searchParams.get('wait') ?? 0) * 1000, 2_000))
      const head = QUESTIONS.length
      return say(200, { after, next: head, head, entries })
    }
    const body = await bodyOf(request)
    if (call === 'ack') return this.#ack(body, say)
    if (call === 'results') return this.#results(body, say, response)
    if (call === 'answers') return this.#answers(body, say)
    if (call === 'sightings') return this.#sightings(body, say)
    this.faults.add(`it called ${request.method} ${url.pathname}, which the interface does not have`)
    say(404, { title: 'no such address' })
  }

  async #changes(url: URL, request: IncomingMessage, say: Say): Promise<void> {
    const query = changesQuerySchema.safeParse(Object.fromEntries(url.searchParams))
    if (!query.success) {
      this.faults.add(`changes: ${query.error.issues[0]?.path.join()} ${query.error.issues[0]?.message}`)
      return say(400, { title: 'bad parameters' })
    }
    const { after, limit, wait, version, known } = query.data
    this.asksForProofs ||= version === 2
    this.asksForGrowth ||= known > 0
    if (after > this.given)
      this.faults.add(`changes: it read on from ${after}, and has had ${this.given} lines`)
    if (after > this.book.head) return say(409, { title: 'beyond the head' })
    const until = Date.now() + wait * 1000
    while (this.book.head === after && Date.now() < until && !request.socket.destroyed) await sleep(LOOK_MS)
    const changes = this.book.changes(after, Math.min(this.book.head, after + limit), known)
    const damaged = this.#damaged(changes)
    if (damaged === null) this.given = Math.max(this.given, changes.next)
    say(200, damaged ?? changes)
  }

  /** Returns changes as the current trouble delivers them; null if it does not affect them. */
  #damaged(changes: Changes): Changes | null {
    if (changes.entries.length === 0) return null
    if (this.trouble === 'checksum') return { ...changes, sha256: '0'.repeat(64) }
    return this.trouble === 'gap' ? { ...changes, entries: changes.entries.slice(1) } : null
  }

  #answers(body: unknown, say: Say): void {
    const told = answersSchema.safeParse(body)
    if (!told.success) {
      this.faults.add('answers: its body is not { answers }, or one of them has more than 8 IMEIs')
      say(400, { title: 'bad body' })
      return
    }
    const results = told.data.answers.map((row) => {
      const asked = QUESTIONS.find(({ question }) => question === row.question)
      const answer = row.imeis === undefined ? row.answer : 'imeis'
      if (!asked) this.faults.add('answers: it answered what it was not asked')
      else if (!WORDS[asked.kind]?.includes(answer))
        this.faults.add(`answers: ${answer} is no answer to ${asked.kind}`)
      const before = this.answered.has(row.question)
      this.answered.add(row.question)
      return { question: row.question, status: asked ? (before ? 'duplicate' : 'recorded') : 'unknown' }
    })
    say(200, { results })
  }

  #sightings(body: unknown, say: Say): void {
    const told = sightingsSchema.safeParse(body)
    if (!told.success) {
      this.faults.add(`sightings: ${told.error.issues[0]?.path.join('.')} ${told.error.issues[0]?.message}`)
      say(422, { title: 'bad body' })
      return
    }
    const results = told.data.sightings.map(({ imei, at }) => {
      const newest = this.book.lines.findLast((one) => one.imei === imei)
      const isListed = newest !== undefined && newest.action !== 'unblock'
      if (!isListed) this.faults.add('sightings: it told of a phone that its book neither blocks nor watches')
      return { imei, at, status: isListed ? 'recorded' : 'unknown' }
    })
    say(200, { results })
  }

  #ack(body: unknown, say: Say): void {
    const ack = ackSchema.safeParse(body)
    if (!ack.success) {
      this.faults.add('ack: its body is not { upTo }')
      say(400, { title: 'bad body' })
      return
    }
    const { upTo } = ack.data
    if (upTo > this.given) this.faults.add(`ack: it acknowledged ${upTo}, and has had ${this.given} lines`)
    this.acked = Math.max(this.acked, upTo)
    say(200, { upTo: this.acked })
  }

  #results(body: unknown, say: Say, response: ServerResponse): void {
    const posted = resultsSchema.safeParse(body)
    if (!posted.success) {
      this.faults.add(`results: ${posted.error.issues[0]?.path.join('.')} ${posted.error.issues[0]?.message}`)
      say(400, { title: 'bad body' })
      return
    }
    const answers = posted.data.results.map(({ order, imei, outcome, code, at }) => {
      const key = `${order},${imei}`
      const line = this.book.lines.find((one) => one.order === order && one.imei === imei)
      if (!line || line.seq > this.given) this.faults.add('results: it told of a line that it has not had')
      if (code !== undefined && outcome !== 'rejected')
        this.faults.add(`results: a code goes with rejected alone, not with ${outcome}`)
      if (outcome === 'not_found' && line && line.action !== 'unblock')
        this.faults.add(`results: not_found answers an unblock alone, not a ${line.action}`)
      if (new Date(at).getTime() > Date.now() + 300_000) this.faults.add('results: its clock runs ahead')
      if (line && outcome !== 'already' && Date.parse(at) < Date.parse(line.issuedAt) - 24 * 3_600_000)
        this.faults.add('results: it dated what it did before its order')
      const before = this.results.get(key) ?? []
      this.results.set(key, [...before, outcome])
      if (!line) return { order, imei, status: 'unknown' }
      const stands = before.some((one) => isDone(line.action, one))
      if (stands && !isDone(line.action, outcome)) {
        this.faults.add('results: it denied what it had told as done')
        return { order, imei, status: 'contradicts' }
      }
      return { order, imei, status: before.length > 0 ? 'duplicate' : 'recorded' }
    })
    if (this.trouble === 'lost_answer') response.destroy()
    else say(200, { results: answers })
  }
}

type Say = (status: number, value: unknown) => void

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
