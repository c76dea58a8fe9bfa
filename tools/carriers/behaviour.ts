import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * `apply`: carries every order out. `fail`: its register is broken, each line comes back `rejected`, `technical`.
 * `refuse`: will not, each line comes back `rejected` with `code`. `silent`: carries out and reports nothing.
 * `away`: takes in nothing until it is back.
 */
export const MODES = ['apply', 'fail', 'refuse', 'silent', 'away'] as const
export type Mode = (typeof MODES)[number]
export const isMode = (text: string): text is Mode => MODES.some((mode) => mode === text)

export interface Behaviour {
  readonly mode: Mode
  /** The rejection code of `refuse`. */
  readonly code: string
  /** Milliseconds before it carries out an answer's lines. */
  readonly delayMs: number
  /** Milliseconds before it answers a question. `silent` answers none. */
  readonly answerDelayMs: number
  /** Tells of one try of each phone that it has blocked. */
  readonly sightings: boolean
}

const GOOD: Behaviour = {
  mode: 'apply',
  code: 'not_supported',
  delayMs: 0,
  answerDelayMs: 0,
  sightings: false,
}

/**
 * Reads the present behaviour of a carrier: the options of its start come before its file, and both before the good
 * behaviour.
 */
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
    // Half written: it is read again with the next answer.
    return { ...GOOD, ...told }
  }
}
