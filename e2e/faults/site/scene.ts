import { setTimeout as sleep } from 'node:timers/promises'
import type { Draw } from '../seeded.ts'
import type { People } from './load.ts'
import type { Stage } from './stage.ts'

export interface Scene {
  readonly stage: Stage
  readonly people: People
  readonly draw: Draw
  /** Counts of the faults' other effects, by name, for the run's report. */
  readonly notes: Record<string, number>
  /** Faults of the product, as text: people or processes that should not have been affected. */
  readonly wrong: string[]
}

export interface Fault {
  /** Causes the fault; resolves when it is over and everything has to recover by itself. */
  readonly happen: (scene: Scene) => Promise<void>
  /** Returns why this run cannot cause the fault; null if it can. */
  readonly impossible?: (stage: Stage) => string | null
}

export type Faults = Readonly<Record<string, Fault>>

/** A part of the site that has not recovered after this time counts as lost. */
const RECOVERY_LIMIT_MS = 120_000

/** Waits until a condition is true; returns false if it does not become true in time. */
export async function until(isSo: () => boolean | Promise<boolean>, everyMs = 200): Promise<boolean> {
  const since = performance.now()
  while (performance.now() - since < RECOVERY_LIMIT_MS) {
    if (await isSo()) return true
    await sleep(everyMs)
  }
  return false
}

/** Returns a random time from `least` to `most` milliseconds. */
export const between = (draw: Draw, least: number, most: number): number => least + draw.below(most - least)
