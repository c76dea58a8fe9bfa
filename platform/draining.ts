import '#server-only'

// One per process: each of Next's bundles contains this module.
const shared = globalThis as { antamDraining?: { begun: boolean; readonly waits: Set<() => void> } }
shared.antamDraining ??= { begun: false, waits: new Set() }
const draining = shared.antamDraining

/** Tells whether this process was asked to stop: it finishes its work, and is no longer ready. */
export const isDraining = (): boolean => draining.begun

/**
 * Registers `end` for when this process is asked to stop, for work that would otherwise stay open. Returns a function that
 * unregisters it.
 */
export function onDraining(end: () => void): () => void {
  draining.waits.add(end)
  return () => draining.waits.delete(end)
}

export function beginDraining(): void {
  draining.begun = true
  for (const end of [...draining.waits]) end()
  draining.waits.clear()
}

/** Resets the state, for tests. */
export function endDraining(): void {
  draining.begun = false
}
