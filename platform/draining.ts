import '#server-only'

// One for the process: each of Next's bundles has this module.
const shared = globalThis as { antamDraining?: { begun: boolean; readonly waits: Set<() => void> } }
shared.antamDraining ??= { begun: false, waits: new Set() }
const draining = shared.antamDraining

/** Tells whether this process was asked to stop: it ends what it has begun, and is no longer ready. */
export const isDraining = (): boolean => draining.begun

/**
 * Registers `end` to be called when this process is asked to stop, for work that would otherwise stay open. Returns a
 * function that takes it off again.
 */
export function onDraining(end: () => void): () => void {
  draining.waits.add(end)
  return () => draining.waits.delete(end)
}

/** Marks this process as draining, and calls everything that {@link onDraining} registered. */
export function beginDraining(): void {
  draining.begun = true
  for (const end of [...draining.waits]) end()
  draining.waits.clear()
}

/** Resets the state, for tests. */
export function endDraining(): void {
  draining.begun = false
}
