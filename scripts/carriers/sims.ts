import { readFile } from 'node:fs/promises'

/**
 * Reads which numbers were seen in which IMEIs, as a carrier's own records would say, from a file:
 * `{ "+84901234567": ["356789101234563"] }`. A number that stands there was seen in those IMEIs and in no other; of any
 * other number this carrier cannot tell.
 */
export class Sims {
  readonly #path: string
  constructor(path: string) {
    this.#path = path
  }

  /** Read anew each time, so that the file can be written while the carrier runs. */
  async wasSeen(msisdn: string, imei: string): Promise<'yes' | 'no' | 'unknown'> {
    const text = await readFile(this.#path, 'utf8').catch(() => '{}')
    const imeis = (JSON.parse(text) as Record<string, string[]>)[msisdn]
    if (imeis === undefined) return 'unknown'
    return imeis.includes(imei) ? 'yes' : 'no'
  }
}
