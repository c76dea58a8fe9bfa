import '#server-only'
import { evidenceStorage, storageAnswers } from '#server/platform/storage.ts'
import { auditAnswers, databaseAnswers, queueAnswers } from './repository.ts'

/** One thing that the site needs, and whether it was there. */
export interface Check {
  readonly name: 'database' | 'queue' | 'storage' | 'audit'
  readonly ok: boolean
  readonly milliseconds: number
}

const PATIENCE = 3_000

/** Runs one check; a check that throws, or does not answer in time, is not ok. */
async function check(name: Check['name'], probe: () => Promise<unknown>): Promise<Check> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((answer) => {
    timer = setTimeout(() => answer(false), PATIENCE)
  })
  const there = probe().then(
    () => true,
    () => false,
  )
  const ok = await Promise.race([there, late])
  clearTimeout(timer)
  return { name, ok, milliseconds: Math.round(performance.now() - started) }
}

/** Everything the site needs, checked now. */
export const readiness = (): Promise<Check[]> =>
  Promise.all([
    check('database', databaseAnswers),
    check('queue', queueAnswers),
    check('storage', () => storageAnswers(evidenceStorage())),
    check('audit', auditAnswers),
  ])
