import '#server-only'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { citizenScope } from '#lib/access/scope.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { keyFor } from '#platform/idempotency/commands.ts'
import { openBytes } from '../files.ts'
import { addEvidence, discardFiles, receiveFile } from './acts.ts'
import { list } from './data.ts'

/**
 * Gives a person's files to another draft of theirs, sealed under its own key: the first ones stay. A file in which a virus
 * was found is left out. Done twice with one `submitKey` it copies once.
 */
export async function copyEvidence(
  from: string,
  key: CaseKey,
  submitKey: string,
  now: Instant,
): Promise<void> {
  const actor = { kind: 'citizen' } as const
  for (const file of await list(citizenScope(from, 'full'), from)) {
    if (file.scan === 'infected') continue
    const bytes = await openBytes(file.key, file.id, 'original')
    const sha256 = createHash('sha256').update(bytes).digest()
    const received = await receiveFile(key, {
      fileName: file.fileName ?? '',
      content: Readable.from([bytes]),
      seen: () => ({ bytes: bytes.length, sha256, whole: true }),
      signal: AbortSignal.timeout(MINUTE),
    })
    if (!received.ok) await discardFiles([received])
    else
      await addEvidence(
        { key, actor, kind: file.kind, files: [received.value], submitKey: keyFor(submitKey, file.id) },
        now,
      )
  }
}
