import '#server-only'

// One for the process: each of Next's bundles has this module.
const shared = globalThis as { antamDraining?: { begun: boolean; readonly waits: Set<() => void> } }
shared.antamDraining ??= { begun: false, waits: new Set() }
const draining = shared.antamDraining

/** Tells whether this process was asked to stop: it ends what it has begun, and is no longer ready. */
export const isDraining = (): boolean => draining.begun

/** Calls `end` once this process is asked to stop, for what would otherwise stay open; returns what takes that back. */
export function onDraining(end: () => void): () => void {
  draining.waits.add(end)
  return () => draining.waits.delete(end)
}

/** Makes this process a draining one from here on, and tells everything that waits for that. */
export function beginDraining(): void {
  draining.begun = true
  for (const end of [...draining.waits]) end()
  draining.waits.clear()
}

/** Takes a test's process back to before. */
export function endDraining(): void {
  draining.begun = false
}
