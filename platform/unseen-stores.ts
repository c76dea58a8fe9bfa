import '#server-only'

// One for the process: what looks (scripts/serving.ts) and what tells (the route of readiness) are bundles of their own.
const shared = globalThis as { antamUnseen?: Map<string, string> }
shared.antamUnseen ??= new Map()
const unseen = shared.antamUnseen

/** Notes whether this process sees in a store what the others see. */
export function noteStoreSeen(name: string, place: string, sees: boolean): void {
  if (sees) unseen.delete(name)
  else unseen.set(name, place)
}

/** Returns the places in which this process does not see what the others see. */
export const unseenStores = (): readonly string[] => [...unseen.values()]
