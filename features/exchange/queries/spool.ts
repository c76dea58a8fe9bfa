import '#server-only'
import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { randomBuffer } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import type { ListPiece } from '../repository/list.ts'
import { LIST_HEADER } from '../rules/book.ts'
import type { ListFacts } from '../rules/list-files.ts'

export interface ListFile extends ListFacts {
  readonly body: ReadableStream<Uint8Array>
}

/**
 * The tally of a list's file, while its pieces come: it begins with the header and stands also where nothing is listed.
 */
export class FileTally {
  private readonly digest = createHash('sha256').update(LIST_HEADER)
  private rows = 0
  private bytes = LIST_HEADER.length

  add(piece: ListPiece): Buffer {
    const chunk = Buffer.from(piece.text)
    this.digest.update(chunk)
    this.rows += piece.rows
    this.bytes += chunk.length
    return chunk
  }

  /** Returns the facts of the whole; call it once, at the end. */
  facts(): ListFacts {
    return { rows: this.rows, bytes: this.bytes, sha256: this.digest.digest('hex') }
  }
}

/**
 * Makes a file of a list. Its checksum goes out before its first byte, so it is written to disk first: to a file
 * without a name, which goes when the last reader closes it or the process dies. Neither memory nor a database
 * connection is held for a slow reader.
 */
export async function spoolToFile(pieces: AsyncIterable<ListPiece>): Promise<ListFile> {
  const file = await unnamedFile()
  try {
    const tally = new FileTally()
    await file.writeFile(LIST_HEADER)
    for await (const piece of pieces) await file.writeFile(tally.add(piece))
    const body = Readable.toWeb(file.createReadStream({ start: 0 })) as ReadableStream<Uint8Array>
    return { ...tally.facts(), body }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function unnamedFile() {
  const directory = join(env().DATA_DIR, 'lists')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, randomBuffer(16).toString('hex'))
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}
