import { readFile } from 'node:fs/promises'
import type { Answer, Question } from './interface-client.ts'

interface Subscription {
  /** The subscriber's identity number; without one, any identity number matches. */
  readonly idNumber?: string
  readonly imeis: readonly string[]
}

/** The maximum number of IMEIs in one answer. */
const MOST_IMEIS = 8

/**
 * Reads from a file which numbers were seen in which IMEIs, like a carrier's own records:
 * `{ "+84901234567": ["356789101234563"] }`, or with a known subscriber
 * `{ "+84901234567": { "idNumber": "079190012345", "imeis": [...] } }`. A number in the file was seen in exactly those
 * IMEIs. Any other number is no subscriber of this carrier, so the carrier does not know its phones.
 */
export class Sims {
  readonly #path: string
  constructor(path: string) {
    this.#path = path
  }

  /** Answers a question; a question of an unknown kind with "cannot tell". */
  async answer(question: Question): Promise<Omit<Answer, 'at'>> {
    const { question: id } = question
    // The carrier's own outgoing message: a demonstration has no phone to send it to.
    if (question.kind === 'notify_holder') return { question: id, answer: 'yes' }
    const known = await this.#subscription(question.msisdn)
    if (question.kind === 'number_in_imei') {
      if (known === null) return { question: id, answer: 'unknown' }
      return { question: id, answer: known.imeis.includes(question.imei) ? 'yes' : 'no' }
    }
    if (question.kind !== 'imei_of_number' && question.kind !== 'subscriber_of_number')
      return { question: id, answer: 'unknown' }
    // The answer hides whether the number belongs to somebody else, or to this carrier at all.
    const own =
      known !== null && (known.idNumber ?? question.subscriber.idNumber) === question.subscriber.idNumber
    if (!own) return { question: id, answer: 'not_subscriber' }
    if (question.kind === 'subscriber_of_number') return { question: id, answer: 'yes' }
    return { question: id, imeis: known.imeis.slice(0, MOST_IMEIS) }
  }

  /** Reads the file each time, so that it can be changed while the carrier runs. */
  async #subscription(msisdn: string): Promise<Subscription | null> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}')
    const held = (JSON.parse(text) as Record<string, readonly string[] | Subscription>)[msisdn]
    if (held === undefined) return null
    return 'imeis' in held ? held : { imeis: held }
  }
}
