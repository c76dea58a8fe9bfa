import { createHash, randomInt, randomUUID } from 'node:crypto'
import { digestLine } from '#features/exchange/rules/book.ts'
import type { OrderAction } from '#features/exchange/rules/order.ts'
import { luhnDigit } from '#lib/imei/imei.ts'

/** A line as carriers get it. */
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
  readonly entries: readonly Line[]
}

/** Returns a number that no phone has: reporting body 00 is for tests. */
export function dummyImei(): string {
  const key = `00${String(randomInt(1e12)).padStart(12, '0')}`
  return key + luhnDigit(key)
}

/** A book of numbers that no phone has. */
export class DummyBook {
  readonly lines: Line[] = []
  /** The sequence before its first line. */
  readonly start: number

  constructor(start = 0) {
    this.start = start
  }

  get head(): number {
    return this.start + this.lines.length
  }

  /** Adds one line: a block of a new number, or the unblock of one. */
  add(unblock?: string): Line {
    const line: Line = {
      seq: this.head + 1,
      order: randomUUID(),
      imei: unblock ?? dummyImei(),
      action: unblock === undefined ? 'block' : 'unblock',
      reason: unblock === undefined ? 'lost' : 'recovered',
      legalBasis: 'test of conformance',
      issuedAt: new Date().toISOString(),
    }
    this.lines.push(line)
    return line
  }

  /** Returns what `changes` answers, and a webhook says, of the lines `(after, upTo]`. */
  changes(after: number, upTo = this.head): Changes {
    const entries = this.lines.filter(({ seq }) => seq > after && seq <= upTo)
    const sha256 = createHash('sha256').update(entries.map(digestLine).join('')).digest('hex')
    return { after, next: entries.at(-1)?.seq ?? after, head: this.head, sha256, entries }
  }
}
