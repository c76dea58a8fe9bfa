import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Changes, Entry, Result } from './interface-client.ts'
import { CHAIN_START, chained, isGrown, isWitnessed, provenLines, readHead } from './proofs.ts'

/** A block or a watch that waits for its proof from the log. */
interface Waiting {
  readonly entry: Entry
  /** When it was first read, by the authority's clock. */
  readonly since: string
}

interface Contents {
  /** The last line of the book that was taken in: carried out, or waiting. */
  seq: number
  /** The chain of the book up to `seq`; null if it was read without one. */
  chain: string | null
  /** The carrier of the book, the log's key, and the witnesses' policy, as first received. */
  carrier: string | null
  logKey: string | null
  policy: string | null
  /** The newest checkpoint of the log that was accepted. */
  checkpoint: string | null
  waiting: Waiting[]
  /** The blocked phones: IMEI to the reasons of its blocks. */
  listed: Record<string, string[]>
  /** Phones that stay in service and are reported when seen. */
  watched: string[]
  /** Blocks of drills, whose numbers belong to no phone. */
  drilled: Record<string, string[]>
  /** Results that the authority has not confirmed yet. */
  owed: Result[]
}

/** Minutes that a block waits for its proof before it is reported as rejected. */
const PATIENCE_MINUTES = 15

/**
 * An Equipment Identity Register in a file. The list, the position in the book, the waiting lines and the owed results
 * are in one file that is replaced as a whole, so that they agree after a crash at any moment.
 */
export class Register {
  readonly path: string
  #contents: Contents = empty()
  #written: Promise<void> = Promise.resolve()

  private constructor(path: string) {
    this.path = path
  }

  static async open(path: string): Promise<Register> {
    await mkdir(dirname(path), { recursive: true })
    const register = new Register(path)
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    // A register from before proofs has carried out lines without knowing their chain.
    if (text !== null) register.#contents = { ...empty(), chain: null, ...JSON.parse(text) }
    return register
  }

  get seq(): number {
    return this.#contents.seq
  }

  get owed(): readonly Result[] {
    return this.#contents.owed
  }

  /** Returns whether it knows the key and the witnesses of the log. */
  get isTrusting(): boolean {
    return this.#contents.logKey !== null && this.#contents.policy !== null
  }

  /** The number of entries in the newest accepted checkpoint. */
  get known(): number {
    return this.#known()?.size ?? 0
  }

  #known() {
    const { checkpoint, logKey } = this.#contents
    return checkpoint === null || logKey === null ? null : readHead(checkpoint, logKey)
  }

  /** Returns the first line after a sequence that waits for its proof; null if none does. */
  waitingAfter(seq: number): number | null {
    return this.#contents.waiting.find(({ entry }) => entry.seq > seq)?.entry.seq ?? null
  }

  keepTrust(logKey: string, policy: string): void {
    this.#contents.logKey ??= logKey
    this.#contents.policy ??= policy
  }

  /** Deletes everything except the trusted key and policy, because this is another book than the one carried out. */
  clear(): Promise<void> {
    const { logKey, policy } = this.#contents
    this.#contents = { ...empty(), logKey, policy }
    return this.#save()
  }

  /**
   * Takes in the new lines of an answer, and the proofs of waiting lines. Unblocks are carried out at once; a block or a
   * watch once it is proven, and never after a later line of the same IMEI. If `refuse` is a code, all lines are rejected
   * with it. Returns the faults as messages.
   */
  async take(answer: Changes, refuse: string | null, at: Date): Promise<string[]> {
    const faults: string[] = []
    const proven = this.#provenIn(answer, faults)
    for (const entry of answer.entries) {
      const waits = this.#contents.waiting.find(({ entry: one }) => one.seq === entry.seq)
      if (entry.seq <= this.seq && !waits) continue
      if (!waits) this.#contents.seq = entry.seq
      if (refuse === null && entry.action !== 'unblock' && !proven.has(entry.seq)) {
        if (!waits) this.#contents.waiting.push({ entry, since: at.toISOString() })
        continue
      }
      this.#drop((one) => one.entry.seq === entry.seq)
      // Earlier waiting lines of the same phone are superseded.
      const over = this.#drop((one) => one.entry.imei === entry.imei && one.entry.seq < entry.seq)
      for (const one of over) this.#owe(one.entry, { outcome: 'rejected', code: 'technical' }, at)
      this.#owe(entry, refuse === null ? this.#apply(entry) : { outcome: 'rejected', code: refuse }, at)
    }
    const oldest = at.getTime() - PATIENCE_MINUTES * 60_000
    for (const { entry } of this.#drop((one) => Date.parse(one.since) < oldest)) {
      faults.push(`line ${entry.seq} has no proof: it is not carried out`)
      this.#owe(entry, { outcome: 'rejected', code: 'technical' }, at)
    }
    await this.#save()
    return faults
  }

  /**
   * Returns which lines of an answer are proven; none if the book or the log differs from the earlier one. The stored
   * chain then stays, so that it keeps differing until a person has looked.
   */
  #provenIn(answer: Changes, faults: string[]): ReadonlySet<number> {
    const contents = this.#contents
    const fresh = answer.entries.filter(({ seq }) => seq > contents.seq)
    const chain = contents.chain && chained(contents.chain, fresh)
    if (fresh.length > 0 && chain !== null && answer.chain && chain !== answer.chain) {
      faults.push('the book is not the one that was read before: its chain differs')
      return new Set()
    }
    if (fresh.length > 0) contents.chain = chain ?? answer.chain ?? null
    contents.carrier ??= answer.carrier ?? null
    const { logKey, policy, carrier } = contents
    if (logKey === null || policy === null || carrier === null || !answer.checkpoint) return new Set()
    const head = readHead(answer.checkpoint, logKey)
    if (!head || !isWitnessed(answer.checkpoint, policy)) return new Set()
    const known = this.#known()
    if (known && known.size !== head.size) {
      // Pushed messages have no proof of growth, and neither has an answer to a request from before a newer checkpoint:
      // their lines are read again.
      if (answer.known !== known.size || !Array.isArray(answer.growth)) return new Set()
    }
    if (known && !isGrown(known, head, answer.growth ?? [])) {
      faults.push('the log is not the one that was shown before: ask the relay, and keep both checkpoints')
      return new Set()
    }
    contents.checkpoint = answer.checkpoint
    return provenLines(answer, logKey, carrier)
  }

  #drop(isOut: (waiting: Waiting) => boolean): Waiting[] {
    const out = this.#contents.waiting.filter(isOut)
    this.#contents.waiting = this.#contents.waiting.filter((one) => !out.includes(one))
    return out
  }

  #owe({ order, imei }: Entry, told: Pick<Result, 'outcome' | 'code'>, at: Date): void {
    this.#contents.owed.push({ order, imei, ...told, at: at.toISOString() })
  }

  #apply({ imei, action, reason, drill }: Entry): Pick<Result, 'outcome'> {
    const list = drill ? this.#contents.drilled : this.#contents.listed
    const reasons = list[imei]
    const wasWatched = this.#contents.watched.includes(imei)
    this.#contents.watched = this.#contents.watched.filter((one) => one !== imei)
    if (action === 'watch') {
      this.#contents.watched.push(imei)
      return { outcome: wasWatched ? 'already' : 'applied' }
    }
    if (action === 'unblock') {
      delete list[imei]
      return { outcome: reasons || wasWatched ? 'applied' : 'not_found' }
    }
    list[imei] = [...new Set([...(reasons ?? []), reason])].sort()
    return { outcome: reasons ? 'already' : 'applied' }
  }

  /** Removes the first `count` results, which were answered; those in `again` stay owed. */
  async confirmed(count: number, again: readonly Result[]): Promise<void> {
    this.#contents.owed.splice(0, count, ...again)
    await this.#save()
  }

  /** Saves the file, one write after another, because lines may be carried out while results are confirmed. */
  #save(): Promise<void> {
    this.#written = this.#written.catch(() => {}).then(() => this.#write())
    return this.#written
  }

  async #write(): Promise<void> {
    const temporary = `${this.path}.new`
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(JSON.stringify(this.#contents))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, this.path)
  }
}

const empty = (): Contents => ({
  ...{ seq: 0, chain: CHAIN_START, carrier: null, logKey: null, policy: null, checkpoint: null },
  ...{ waiting: [], listed: {}, watched: [], drilled: {}, owed: [] },
})
