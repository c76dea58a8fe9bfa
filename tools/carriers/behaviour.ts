import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * `apply`: carries out every order. `fail`: its register is broken, and each line is answered `rejected`, `technical`.
 * `refuse`: each line is answered `rejected` with `code`. `silent`: carries out and reports nothing. `away`: accepts
 * nothing until the mode changes.
 */
export const MODES = ['apply', 'fail', 'refuse', 'silent', 'away'] as const
export type Mode = (typeof MODES)[number]
export const isMode = (text: string): text is Mode => MODES.some((mode) => mode === text)

export interface Behaviour {
  readonly mode: Mode
  /** The rejection code of `refuse`. */
  readonly code: string
  /** Milliseconds before it carries out the lines of an answer. */
  readonly delayMs: number
  /** Milliseconds before it answers a question. `silent` answers none. */
  readonly answerDelayMs: number
  /** True to report each blocked phone as seen once. */
  readonly sightings: boolean
}

const GOOD: Behaviour = {
  mode: 'apply',
  code: 'not_supported',
  delayMs: 0,
  answerDelayMs: 0,
  sightings: false,
}

/** Reads a carrier's current behaviour. The options of its start override its file, and both override the good behaviour. */
export async function behaviourOf(
  directory: string,
  carrier: string,
  told: Partial<Behaviour>,
): Promise<Behaviour> {
  const path = join(directory, `${carrier}.behaviour.json`)
  const text = await readFile(path, 'utf8').catch(() => '{}')
  try {
    return { ...GOOD, ...(JSON.parse(text) as Partial<Behaviour>), ...told }
  } catch {
    // The file is half written: it is read again with the next answer.
    return { ...GOOD, ...told }
  }
}
