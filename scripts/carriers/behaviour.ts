import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * `apply`: carries every order out. `fail`: its register is broken, each line comes back `rejected`, `technical`.
 * `refuse`: will not, each line comes back `rejected` with `code`. `silent`: carries out and tells nobody.
 * `away`: whatever comes is as if it had not come, until it is back.
 */
export const MODES = ['apply', 'fail', 'refuse', 'silent', 'away'] as const
export type Mode = (typeof MODES)[number]
export const isMode = (text: string): text is Mode => MODES.some((mode) => mode === text)

export interface Behaviour {
  readonly mode: Mode
  /** The rejection code of `refuse`. */
  readonly code: string
  /** How long it takes to get to an answer's lines. */
  readonly delayMs: number
  /** How long it takes to answer a question. `silent` answers none. */
  readonly answerDelayMs: number
}

const GOOD: Behaviour = { mode: 'apply', code: 'not_supported', delayMs: 0, answerDelayMs: 0 }

/** How a carrier is to behave now: as its file says, then as it was told when it was started. */
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
