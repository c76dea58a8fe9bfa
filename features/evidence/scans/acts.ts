import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { isScanning, ScannerAway, scan, scannerAnswers } from '#platform/virus-scanner.ts'
import { findForJob } from '../files/data.ts'
import { open } from '../files.ts'

/**
 * Has the virus scanner check a file and stores the result. An infected file is never opened again, and the person is asked to
 * send another. If the scanner is away the file waits for {@link queueUnscanned}.
 */
export const scanEvidence = (id: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () => look(id, now))

async function look(id: string, now: Instant): Promise<void> {
  if (!isScanning()) return
  const file = await findForJob(id)
  if (file === null || file.scan !== null) return
  try {
    const said = await scan(await open(file.key, id, 'original'))
    await transaction(async (tx) => {
      const { count } = await tx.evidence.updateMany({
        where: { id, scan: null },
        data: said.clean
          ? { scan: 'clean', scannedAt: now }
          : { scan: 'infected', scannedAt: now, scanFinding: said.finding },
      })
      // Another job has done it, or the file is gone.
      if (count === 0) return
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'evidence.scan',
        subject: { kind: 'evidence', id },
        caseId: file.caseId,
        facts: said.clean ? { clean: true } : { clean: false, finding: said.finding },
        at: now,
      })
      if (!said.clean) await enqueue(tx, 'file-refused', { caseId: file.caseId })
    })
    await clearTrouble('virus-scan')
  } catch (error) {
    if (!(error instanceof ScannerAway)) throw error
    log().warn({ reason: error.reason, err: error }, 'a file was not looked at for viruses; it waits')
    await reportTrouble('virus-scan', error.reason, {})
  }
}

/** As many as a scanner checks within a minute. */
const BATCH = 200

/**
 * Queues the newest unscanned files, from while the scanner was away or before there was one. Checks the scanner first, so that
 * an unavailable scanner is asked once a minute and not once per file.
 */
export async function queueUnscanned(): Promise<number> {
  if (!isScanning()) return clearTrouble('virus-scan').then(() => 0)
  const unscanned = {
    where: { scan: null },
    orderBy: { createdAt: 'desc' },
    take: BATCH,
    select: { id: true },
  } as const
  const files = await inScope(systemScope(), () => transaction((tx) => tx.evidence.findMany(unscanned)))
  if (files.length === 0) return 0
  if (!(await scannerAnswers())) {
    await reportTrouble('virus-scan', 'away', {})
    return 0
  }
  await transaction(async (tx) => {
    for (const { id } of files) await enqueue(tx, 'evidence-scan', { id })
  })
  return files.length
}
