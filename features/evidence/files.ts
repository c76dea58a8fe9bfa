import '#server-only'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { CaseKey } from '#platform/crypto.ts'
import { openStream, sealStream } from '#platform/sealed-stream.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { MAX_PAGES } from './rules/limits.ts'

/** A file of evidence as it arrived, the copy of it that people look at, or of a PDF the picture of a page, from 1. */
export type FilePart = 'original' | 'view' | `page${number}`

const PARTS: readonly FilePart[] = [
  'original',
  'view',
  ...Array.from({ length: MAX_PAGES }, (_, at) => `page${at + 1}` as const),
]

/** Returns where a part lies. Bytes are sealed for this one place: under another key or name they do not open. */
export const storageKey = (id: string, part: FilePart): string => `${id}.${part}`

/** Returns the evidence that a storage key belongs to. */
export const evidenceIdOf = (key: string): string => key.slice(0, key.lastIndexOf('.'))

export const store = (
  key: CaseKey,
  id: string,
  part: FilePart,
  content: Readable,
  signal?: AbortSignal,
): Promise<void> => {
  const name = storageKey(id, part)
  return evidenceStorage().put(name, sealStream(content, key, name), signal)
}

export const storeBytes = (key: CaseKey, id: string, part: FilePart, bytes: Buffer): Promise<void> =>
  store(key, id, part, Readable.from([bytes]))

export async function open(key: CaseKey, id: string, part: FilePart): Promise<Readable> {
  const name = storageKey(id, part)
  return openStream(await evidenceStorage().open(name), key, name)
}

export const openBytes = async (key: CaseKey, id: string, part: FilePart): Promise<Buffer> =>
  buffer(await open(key, id, part))

/** Removes all parts of a file. What fails here is removed by the sweep. */
export async function removeFiles(ids: readonly string[]): Promise<void> {
  const parts = ids.flatMap((id) => PARTS.map((part) => storageKey(id, part)))
  await Promise.allSettled(parts.map((part) => evidenceStorage().remove(part)))
}
