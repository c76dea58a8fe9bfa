import '#server-only'
import { lastSealed, sealingFails, sealingTrouble } from '#features/audit/queries.ts'
import { saySealingFault } from '#features/audit/rules/sealing.ts'
import { keyVerdict, storeVerdict } from '#features/installation/queries.ts'
import { evidenceStorage, storageAnswers } from '#platform/storage.ts'
import { troubleOf } from '#platform/troubles.ts'
import { auditAnswers, databaseAnswers, queueAnswers } from './repository.ts'

/** One thing that the site needs, and whether it was there. */
export interface Check {
  readonly name: 'database' | 'keys' | 'queue' | 'storage' | 'audit'
  readonly ok: boolean
  readonly milliseconds: number
  /** Of the audit log: how long ago it was last sealed; null before the first time. */
  readonly sealedSecondsAgo?: number | null
  /** The fault, where the check knows it: of the keys and the store alone. */
  readonly problem?: string
  /** The part that has stopped although the check is ok: the site goes on without it. */
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

/** This process has the keys that the database's rows were made with. */
async function keysCheck(): Promise<Check> {
  let problem: string | undefined
  const result = await check('keys', async () => {
    const { faults } = await keyVerdict()
    problem = faults.join('; ') || undefined
    if (problem) throw new Error(problem)
  })
  return { ...result, ...(problem && { problem }) }
}

const STOPPED = 'clearing the store: too many files belong to nothing (npm run storage -- status)'

/** The store takes and gives files, and is that of this database; whether its clearing waits for a person. */
async function storageCheck(): Promise<Check> {
  let said: Pick<Check, 'problem' | 'stopped'> = {}
  const result = await check('storage', async () => {
    const { verdict } = await storeVerdict()
    if (verdict !== 'joined') said = { problem: `not this database's store: ${verdict}` }
    if (verdict !== 'joined') throw new Error(verdict)
    await storageAnswers(evidenceStorage())
    if (await troubleOf('evidence-sweep')) said = { stopped: STOPPED }
  })
  return { ...result, ...said }
}

/** The audit log can be read, how it stands with its sealing, and what stops because of that. */
async function auditCheck(): Promise<Check> {
  let sealing: Pick<Check, 'sealedSecondsAgo' | 'stopped'> = {}
  const result = await check('audit', async () => {
    const [sealed, fails, trouble] = await Promise.all([
      lastSealed(),
      sealingFails(),
      sealingTrouble(),
      auditAnswers(),
    ])
    const stopped = [
      ...(fails ? ['blocking: entries have waited for 15 minutes to be sealed'] : []),
      ...(trouble ? [`sealing: ${saySealingFault(trouble.fault, trouble.facts)}`] : []),
    ]
    sealing = {
      sealedSecondsAgo: sealed && Math.round((Date.now() - sealed.getTime()) / 1000),
      ...(stopped.length > 0 && { stopped: stopped.join('; ') }),
    }
  })
  return { ...result, ...sealing }
}

/** Everything the site needs, checked now. */
export const readiness = (): Promise<Check[]> =>
  Promise.all([
    check('database', databaseAnswers),
    keysCheck(),
    check('queue', queueAnswers),
    storageCheck(),
    auditCheck(),
  ])
