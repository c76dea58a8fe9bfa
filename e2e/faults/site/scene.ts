import { setTimeout as sleep } from 'node:timers/promises'
import type { Draw } from '../seeded.ts'
import type { People } from './load.ts'
import type { Stage } from './stage.ts'

/** Everything that a fault may fall on. */
export interface Scene {
  readonly stage: Stage
  readonly people: People
  readonly draw: Draw
  /** Counts what else came of the faults, by name, for the run's report. */
  readonly notes: Record<string, number>
  /** Says in words what people or processes were not spared though they should have been. */
  readonly wrong: string[]
}

/** One kind of fault. */
export interface Fault {
  /** Brings it about; resolves once it is over, when everything has to come back by itself. */
  readonly happen: (scene: Scene) => Promise<void>
  /** Returns why this run cannot bring it about; null where it can. */
  readonly impossible?: (stage: Stage) => string | null
}

export type Faults = Readonly<Record<string, Fault>>

/** A part of the site that has not recovered after this time counts as lost. */
const RECOVERY_LIMIT_MS = 120_000

/** Waits until something is so; answers whether it came to be. */
export async function until(isSo: () => boolean | Promise<boolean>, everyMs = 200): Promise<boolean> {
  const since = performance.now()
  while (performance.now() - since < RECOVERY_LIMIT_MS) {
    if (await isSo()) return true
    await sleep(everyMs)
  }
  return false
}

/** Returns a time between two, in milliseconds. */
export const between = (draw: Draw, least: number, most: number): number => least + draw.below(most - least)
