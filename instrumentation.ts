/** Next's own hook: runs once in each server process, before it serves anything. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { beginToServe } = await import('./scripts/serving.ts')
  await beginToServe()
}
