import { readFile } from 'node:fs/promises'
import type { Answer, Question } from './interface-client.ts'

/** Holds this carrier's facts about one number. */
interface Subscription {
  /** Names the subscriber; anybody where it is not told. */
  readonly idNumber?: string
  readonly imeis: readonly string[]
}

/** The most IMEIs that one answer may have. */
const MOST_IMEIS = 8

/**
 * Reads from a file which numbers were seen in which IMEIs, as a carrier's own records would say:
 * `{ "+84901234567": ["356789101234563"] }`, or where its subscriber is known
 * `{ "+84901234567": { "idNumber": "079190012345", "imeis": [...] } }`. A number in the file was seen in those IMEIs
 * and in no other. Any other number is no subscriber of this carrier, which does not know its phones.
 */
export class Sims {
  readonly #path: string
  constructor(path: string) {
    this.#path = path
  }

  /** Answers a question; of a kind that is not known, that it cannot tell. */
  async answer(question: Question): Promise<Omit<Answer, 'at'>> {
    const { question: id } = question
    // Its own outgoing message: a demonstration has no phone to send it to.
    if (question.kind === 'notify_holder') return { question: id, answer: 'yes' }
    const known = await this.#subscription(question.msisdn)
    if (question.kind === 'number_in_imei') {
      if (known === null) return { question: id, answer: 'unknown' }
      return { question: id, answer: known.imeis.includes(question.imei) ? 'yes' : 'no' }
    }
    if (question.kind !== 'imei_of_number' && question.kind !== 'subscriber_of_number')
      return { question: id, answer: 'unknown' }
    // Nobody learns whether the number is another's, or this carrier's at all.
    const own =
      known !== null && (known.idNumber ?? question.subscriber.idNumber) === question.subscriber.idNumber
    if (!own) return { question: id, answer: 'not_subscriber' }
    if (question.kind === 'subscriber_of_number') return { question: id, answer: 'yes' }
    return { question: id, imeis: known.imeis.slice(0, MOST_IMEIS) }
  }

  /** Reads a number's subscription, anew each time, so that the file can be written while the carrier runs. */
  async #subscription(msisdn: string): Promise<Subscription | null> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}')
    const held = (JSON.parse(text) as Record<string, readonly string[] | Subscription>)[msisdn]
    if (held === undefined) return null
    return 'imeis' in held ? held : { imeis: held }
  }
}
