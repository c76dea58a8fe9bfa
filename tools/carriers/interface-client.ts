import { createHash } from 'node:crypto'

export interface Entry {
  readonly seq: number
  readonly order: string
  readonly imei: string
  readonly action: 'block' | 'unblock' | 'watch'
  readonly reason: string
  readonly issuedAt: string
  /** An exercise with a number that no phone has, kept apart from the list. */
  readonly drill?: true | undefined
  /** The index of its entry in the log; null until it is sealed. */
  readonly leaf?: number | null
}

export interface Result {
  readonly order: string
  readonly imei: string
  readonly outcome: 'applied' | 'already' | 'rejected' | 'not_found'
  readonly code?: string
  readonly at: string
}

interface Asked {
  readonly question: string
  readonly msisdn: string
}
/** Kinds may be added: `sims.ts` answers unknown kinds with "cannot tell". */
export type Question =
  | (Asked & { readonly kind: 'number_in_imei'; readonly imei: string })
  | {
      readonly question: string
      readonly kind: 'notify_holder'
      readonly imei: string
      readonly text: string
    }
  | (Asked & {
      readonly kind: 'imei_of_number' | 'subscriber_of_number'
      readonly subscriber: { readonly idKind: string; readonly idNumber: string }
    })

export interface Answer {
  readonly question: string
  readonly answer?: 'yes' | 'no' | 'unknown' | 'not_subscriber'
  readonly imeis?: readonly string[]
  readonly at: string
}

/** Lines of the book, as they are read and pushed. */
export interface Changes {
  readonly next: number
  readonly sha256: string
  readonly entries: readonly Entry[]
  readonly carrier?: string
  /** The running hash of the book up to `next`. */
  readonly chain?: string | null
  /** The newest signed head of the log; `proofs.ts` checks lines against it. */
  readonly checkpoint?: string | null
  /** The number of log entries that the request gave as known, and the proof that the current log begins with them. */
  readonly known?: number
  readonly growth?: readonly string[] | null
  readonly proofs?: readonly {
    readonly seq: number
    readonly entry: string
    readonly proof: readonly string[]
  }[]
}

/**
 * Returns the answer if its lines directly follow `after` and none was lost, inserted or changed on the way; throws
 * otherwise.
 */
export function checked(after: number, answer: Changes): Changes {
  const { next, sha256, entries } = answer
  const digest = createHash('sha256')
  for (const [index, { seq, order, imei, action, reason, issuedAt }] of entries.entries()) {
    if (seq !== after + index + 1) throw new Error(`line ${after + index + 1} of the book is missing`)
    digest.update(`${seq},${order},${imei},${action},${reason},${issuedAt}\n`)
  }
  if (digest.digest('hex') !== sha256) throw new Error('the lines do not fit their checksum')
  if (next !== after + entries.length) throw new Error('the answer was cut short')
  return answer
}

/** The authority refused a request; `status` is the HTTP status. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(`${status} ${text}`)
    this.status = status
  }
}

const ATTEMPT_MS = 20_000

/** A client of the carrier interface for one carrier (/api/openapi.json). */
export class InterfaceClient {
  readonly #baseUrl: string
  readonly #apiKey: string
  readonly #stop: AbortSignal
  /** How many milliseconds the authority's clock was ahead of this one at its last answer. */
  #aheadMs = 0

  constructor(baseUrl: string, apiKey: string, stop: AbortSignal) {
    this.#baseUrl = baseUrl
    this.#apiKey = apiKey
    this.#stop = stop
  }

  /**
   * Returns the time by the authority's clock, to the second. The authority refuses results later than its own time, and
   * this machine's clock may be wrong.
   */
  now(): Date {
    return new Date(Date.now() + this.#aheadMs)
  }

  /** Returns the lines after `after`; throws if any was lost, inserted or changed on the way. */
  async changes(after: number, known: number, waitSeconds: number): Promise<Changes> {
    const path = `changes?version=2&after=${after}&known=${known}&limit=500&wait=${waitSeconds}`
    return { ...checked(after, await this.#call<Changes>(path, undefined, waitSeconds * 1000)), known }
  }

  /** Confirms that the book was received up to a line. */
  acknowledge(upTo: number): Promise<unknown> {
    return this.#call('ack', { upTo })
  }

  /** Reports results; the answer has one row per result, in the same order. */
  async tell(results: readonly Result[]): Promise<readonly { status: string; detail?: string }[]> {
    const answer = await this.#call<{ results: { status: string; detail?: string }[] }>('results', {
      results,
    })
    if (answer.results.length !== results.length) throw new Error('not every result was answered')
    return answer.results
  }

  /** Returns the open questions after `after`, and where to continue. */
  questions(
    after: number,
    waitSeconds: number,
  ): Promise<{ readonly next: number; readonly entries: readonly Question[] }> {
    return this.#call(`questions?after=${after}&limit=500&wait=${waitSeconds}`, undefined, waitSeconds * 1000)
  }

  /** Answers questions; sending an answer twice is harmless. */
  answer(answers: readonly Answer[]): Promise<unknown> {
    return this.#call('answers', { answers })
  }

  /** Reports phones on its list that tried to connect; sending one twice is harmless. */
  see(
    sightings: readonly {
      readonly imei: string
      readonly at: string
      readonly kind: 'attach' | 'sim_change'
      readonly area?: string
    }[],
  ): Promise<unknown> {
    return this.#call('sightings', { sightings })
  }

  /** Returns the public key of the log as one line. A carrier asks once and keeps it; it is the same for everybody. */
  async logKey(): Promise<string> {
    const text = await this.#ask('/api/v1/audit/key', undefined, 0, (response) => response.text())
    return text.trim()
  }

  /** Returns which witnesses must sign the log's checkpoints (c2sp.org/tlog-policy); a carrier asks once and keeps it. */
  logPolicy(): Promise<string> {
    const path = `/log/policy/${this.now().getUTCFullYear()}.txt`
    return this.#ask(path, undefined, 0, (response) => response.text())
  }

  #call<T>(path: string, body?: unknown, patienceMs = 0): Promise<T> {
    return this.#ask(`/api/carrier/v1/${path}`, body, patienceMs, (response) => response.json() as Promise<T>)
  }

  async #ask<T>(
    path: string,
    body: unknown,
    patienceMs: number,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    // Our own timer ends with its request. AbortSignal.timeout would leave thousands of timers a minute pending.
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(new Error('no answer in time')), ATTEMPT_MS + patienceMs)
    try {
      const response = await fetch(new URL(path, this.#baseUrl), {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${this.#apiKey}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.any([this.#stop, patience.signal]),
      })
      const told = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(told)) this.#aheadMs = told - Date.now()
      if (!response.ok) throw new Refused(response.status, (await response.text()).slice(0, 300))
      return await read(response)
    } finally {
      clearTimeout(timer)
    }
  }
}
