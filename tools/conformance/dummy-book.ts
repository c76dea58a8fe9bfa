import { randomInt, randomUUID } from 'node:crypto'
import { CHAIN_START, digestLine, lineText } from '#features/exchange/book/rules.ts'
import type { OrderAction } from '#features/exchange/orders/rules.ts'
import { luhnDigit } from '#lib/imei/imei.ts'
import { sha256 } from '../carriers/proofs.ts'
import { DummyLog } from './dummy-log.ts'

export interface Line {
  readonly seq: number
  readonly order: string
  readonly imei: string
  readonly action: OrderAction
  readonly reason: 'lost' | 'recovered'
  readonly legalBasis: string
  readonly issuedAt: string
}

export interface Changes {
  readonly after: number
  readonly next: number
  readonly head: number
  readonly sha256: string
  readonly entries: readonly (Line & { readonly leaf: number | null })[]
  readonly carrier: string
  readonly chain: string
  readonly checkpoint: string | null
  readonly growth: readonly string[] | null
  readonly proofs: readonly { readonly seq: number; readonly entry: string; readonly proof: string[] }[]
}

/** Returns a number that no phone has: reporting body 00 is for tests. */
export function dummyImei(): string {
  const key = `00${String(randomInt(1e12)).padStart(12, '0')}`
  return key + luhnDigit(key)
}

const CARRIER = 'conformance'

/** A book of numbers that no phone has, and the log that proves its lines. */
export class DummyBook {
  readonly lines: Line[] = []
  readonly log = new DummyLog()
  /** A fork of the log with the same keys: its entries are true, but its head differs from the one shown before. */
  readonly #fork = new DummyLog(this.log)
  /** Places in the log by sequence; an unsealed line has none. */
  readonly #places = new Map<number, number>()
  readonly #chains: Buffer[] = []
  /** False while the log returns no proofs, as in the seconds before sealing. */
  sealed = true
  /** False while its witness has not signed. */
  witnessed = true
  /** True while the fork is shown instead of the log. */
  forked = false
  /** True while its proofs are invalid. */
  garbled = false
  /** The sequence before its first line. */
  readonly start: number

  constructor(start = 0) {
    this.start = start
  }

  get head(): number {
    return this.start + this.lines.length
  }

  /**
   * Adds one line: a block of a new number, the unblock of a given one, or another `action`. Its entry is sealed at once;
   * the entry of a `forged` line has another number, because nobody decided that line.
   */
  add(imei?: string, forged = false, action: OrderAction = imei === undefined ? 'block' : 'unblock'): Line {
    const line: Line = {
      seq: this.head + 1,
      order: randomUUID(),
      imei: imei ?? dummyImei(),
      action,
      reason: action === 'unblock' ? 'recovered' : 'lost',
      legalBasis: 'test of conformance',
      issuedAt: new Date().toISOString(),
    }
    this.lines.push(line)
    const told = forged ? { ...line, imei: dummyImei() } : line
    for (const log of [this.log, this.#fork])
      this.#places.set(line.seq, log.add(CARRIER, line.seq, line.order, lineText(told)))
    this.#chains.push(sha256(this.#chains.at(-1) ?? CHAIN_START, sha256(lineText(line))))
    return line
  }

  /**
   * Returns the lines `(after, upTo]` as `changes` and the webhook send them to a client that knows `known` entries of
   * the log.
   */
  changes(after: number, upTo = this.head, known = 0): Changes {
    const log = this.forked ? this.#fork : this.log
    const entries = this.lines.filter(({ seq }) => seq > after && seq <= upTo)
    const next = entries.at(-1)?.seq ?? after
    const place = (seq: number) => (this.sealed ? (this.#places.get(seq) ?? null) : null)
    const chain = this.#chains[next - this.start - 1] ?? CHAIN_START
    const garbled = { growth: ['!'], proofs: entries.map(({ seq }) => ({ seq, entry: '{', proof: ['!'] })) }
    return {
      ...{ after, next, head: this.head, carrier: CARRIER, chain: Buffer.from(chain).toString('hex') },
      sha256: sha256(entries.map(digestLine).join('')).toString('hex'),
      entries: entries.map((line) => ({ ...line, leaf: place(line.seq) })),
      checkpoint: log.checkpoint(this.witnessed),
      growth: log.growth(known),
      proofs: entries.flatMap(({ seq }) => {
        const index = place(seq)
        return index === null ? [] : [{ seq, entry: log.entry(index), proof: log.proof(index) }]
      }),
      ...(this.garbled && garbled),
    }
  }
}
