import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect } from 'vitest'
import {
  type ArrivingFile,
  keepEvidence,
  type ReceivedFile,
  receiveFile,
} from '#features/evidence/files/acts.ts'
import { MAX_FILE_BYTES } from '#features/evidence/files/limits-rules.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { keyOf } from '#tests/case-key.ts'
import { transaction } from '#tests/db.ts'
import { must } from '#tests/must.ts'

/** Returns a file as it arrives with a form. */
export const arriving = (
  bytes: Buffer,
  fileName = 'hộp.jpg',
  content = Readable.from([bytes]),
): ArrivingFile => ({
  fileName,
  content,
  seen: () => ({
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest(),
    whole: bytes.length <= MAX_FILE_BYTES,
  }),
  signal: new AbortController().signal,
})

/** Stores a file that belongs to nothing yet. */
export async function received(key: CaseKey, bytes: Buffer, fileName?: string): Promise<ReceivedFile> {
  return must(await receiveFile(key, arriving(bytes, fileName)))
}

/** Adds a file to a sent case, as a later answer does; returns its id. */
export async function attach(caseId: string, bytes: Buffer, now: Date, fileName?: string): Promise<string> {
  const key = await keyOf(caseId)
  const file = await received(key, bytes, fileName)
  const input = { key, actor: { kind: 'citizen' }, kind: 'box', files: [file], eventSeq: 2 } as const
  expect(await transaction((tx) => keepEvidence(tx, input, now))).toMatchObject({ ok: true })
  return file.id
}
