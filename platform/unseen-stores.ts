import '#server-only'

// One per process: the check (scripts/serving.ts) and the readiness route are separate bundles.
const shared = globalThis as { antamUnseen?: Map<string, string> }
shared.antamUnseen ??= new Map()
const unseen = shared.antamUnseen

/** Records whether this process sees the same files in a store as the others. */
export function noteStoreSeen(name: string, place: string, sees: boolean): void {
  if (sees) unseen.delete(name)
  else unseen.set(name, place)
}

/** Returns the places of the stores in which this process does not see the same files as the others. */
export const unseenStores = (): readonly string[] => [...unseen.values()]
