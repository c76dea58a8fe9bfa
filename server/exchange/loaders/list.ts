import '#server-only'
import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { LIST_HEADER } from '#domain/exchange/book.ts'
import { random } from '#server/platform/crypto.ts'
import { env } from '#server/platform/env.ts'
import { listPage } from '../repository/book.ts'
import { bookHead } from '../repository/carriers.ts'

const ROWS_A_PAGE = 10_000

export interface ListFile {
  readonly rows: number
  readonly bytes: number
  /** Hexadecimal, of the whole file. */
  readonly sha256: string
  readonly body: ReadableStream<Uint8Array>
}

/** The sequence at which the list is in force now. */
export const listSequence = (carrierId: string): Promise<number> => bookHead(carrierId)

/**
 * The list in force at a sequence as CSV, or null beyond the book's end. Its checksum goes out before its first
 * byte, so it is written to disk first: to a file without a name, which goes when the last reader closes it or
 * the process dies. Neither memory nor a database connection is held for a slow reader.
 */
export async function listFile(carrierId: string, seq: number): Promise<ListFile | null> {
  if (seq > (await bookHead(carrierId))) return null
  const file = await unnamedFile()
  try {
    const digest = createHash('sha256')
    let rows = 0
    let bytes = 0
    const add = async (text: string) => {
      const chunk = Buffer.from(text)
      digest.update(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
    await add(LIST_HEADER)
    for (let after: string | null = ''; after !== null; ) {
      const page = await listPage(carrierId, seq, after, ROWS_A_PAGE)
      if (page.rows > 0) await add(page.text)
      rows += page.rows
      after = page.next
    }
    const stream = file.createReadStream({ start: 0 })
    return {
      rows,
      bytes,
      sha256: digest.digest('hex'),
      body: Readable.toWeb(stream) as ReadableStream<Uint8Array>,
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function unnamedFile() {
  const directory = join(env().DATA_DIR, 'lists')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, random(16).toString('hex'))
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}
