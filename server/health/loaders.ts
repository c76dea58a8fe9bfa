import '#server-only'
import { lastSealed, sealingFails } from '#server/audit/loaders.ts'
import { evidenceStorage, storageAnswers } from '#server/platform/storage.ts'
import { auditAnswers, databaseAnswers, queueAnswers } from './repository.ts'

/** One thing that the site needs, and whether it was there. */
export interface Check {
  readonly name: 'database' | 'queue' | 'storage' | 'audit'
  readonly ok: boolean
  readonly milliseconds: number
  /** Of the audit log: how long ago it was last sealed; null before the first time. */
  readonly sealedSecondsAgo?: number | null
  /** What has stopped although the check is ok: the site goes on without it. */
  readonly stopped?: string
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

/** The audit log can be read, how it stands with its sealing, and what stops because of that. */
async function auditCheck(): Promise<Check> {
  let sealing: Pick<Check, 'sealedSecondsAgo' | 'stopped'> = {}
  const result = await check('audit', async () => {
    const [sealed, fails] = await Promise.all([lastSealed(), sealingFails(), auditAnswers()])
    sealing = {
      sealedSecondsAgo: sealed && Math.round((Date.now() - sealed.getTime()) / 1000),
      ...(fails && { stopped: 'blocking: entries have waited for 15 minutes to be sealed' }),
    }
  })
  return { ...result, ...sealing }
}

/** Everything the site needs, checked now. */
export const readiness = (): Promise<Check[]> =>
  Promise.all([
    check('database', databaseAnswers),
    check('queue', queueAnswers),
    check('storage', () => storageAnswers(evidenceStorage())),
    auditCheck(),
  ])
