import '#server-only'
import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Prisma } from '#generated/prisma/client.ts'
import { canonicalJson } from '#lib/canonical-json.ts'
import { LAST_TEST_IMEI } from '#lib/imei/imei.ts'
import { TIME_ZONE } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { ed25519, verifyEd25519 } from '#platform/signatures.ts'
import { LIST_HEADER } from '../book/rules.ts'
import { findBookHead } from '../carriers/data.ts'
import {
  DELTAS,
  type Delta,
  type ImeiDigits,
  imeiDigits,
  type KeySet,
  LIST_FILES,
  type ListFacts,
  type ListFileName,
  type Manifest,
} from './rules.ts'

/** A book is append-only, so pages of one sequence always fit together, even if lines are added meanwhile. */
interface ListQuery {
  readonly carrierId: string
  readonly seq: number
  readonly digits: ImeiDigits
  readonly page: number
}

interface ListPiece {
  /** CSV lines, each ended by a line feed. */
  readonly text: string
  readonly rows: number
}

/**
 * Reads the list in force at a sequence as CSV, in order of IMEI (defined in features/exchange/book/rules.ts), page by page: no
 * transaction or cursor stays open while the list is read. Starts after the test numbers of drills.
 */
export async function* listRows({ carrierId, seq, digits, page }: ListQuery): AsyncGenerator<ListPiece> {
  for (let after = LAST_TEST_IMEI; ; ) {
    const [read] = await db.$queryRaw<(ListPiece & { last: string })[]>`
      SELECT coalesce(string_agg(left(imei, ${digits}) || ',' || block_date || ',' || reasons || E'\n', '' ORDER BY imei), '') AS text,
        count(*)::int AS rows, max(imei) AS last
      FROM (
        SELECT imei::text, string_agg(DISTINCT reason::text, '|' ORDER BY reason::text) AS reasons,
          to_char(min(issued_at) AT TIME ZONE ${TIME_ZONE}, 'YYYYMMDD') AS block_date
        FROM (
          SELECT imei, seq, action, reason, issued_at,
            max(seq) FILTER (WHERE action = 'unblock') OVER (PARTITION BY imei) AS lifted
          FROM book_entries
          WHERE carrier_id = ${carrierId} AND imei > ${after} AND seq <= ${seq}
        ) line
        WHERE action = 'block' AND seq > coalesce(lifted, 0)
        GROUP BY line.imei
        -- By the column, not by its text: only so is the page read off the index, and the rest of the list left alone.
        ORDER BY line.imei LIMIT ${page}
      ) listed`
    if (!read || read.rows === 0) return
    after = read.last
    yield read
    if (read.rows < page) return
  }
}

/** Returns the SQL for an IMEI's row without the IMEI, as it stood at a sequence; null where it was not listed. */
const rowAt = (carrierId: string, seq: number) => Prisma.sql`(
  SELECT to_char(min(line.issued_at) AT TIME ZONE ${TIME_ZONE}, 'YYYYMMDD') || ',' ||
    string_agg(DISTINCT line.reason::text, '|' ORDER BY line.reason::text)
  FROM book_entries line
  WHERE line.carrier_id = ${carrierId} AND line.imei = touched.imei AND line.seq <= ${seq}
    AND line.action = 'block' AND line.seq > coalesce((
      SELECT max(lifted.seq) FROM book_entries lifted
      WHERE lifted.carrier_id = ${carrierId} AND lifted.imei = touched.imei AND lifted.seq <= ${seq}
        AND lifted.action = 'unblock'
    ), 0)
)`

/**
 * Reads the changes of the list between two sequences: rows that came, went, or got another date or other reasons; drills change
 * nothing. Reads only the IMEIs of the lines in between, so the cost depends on the changes and not on the list. A row that went
 * appears as it was, the others as they are now.
 */
export async function* deltaRows(
  { carrierId, seq, digits, page }: ListQuery,
  since: number,
): AsyncGenerator<ListPiece & { readonly delta: Delta }> {
  for (let after = LAST_TEST_IMEI; ; ) {
    const groups = await db.$queryRaw<(ListPiece & { delta: Delta | null; last: string })[]>`
      WITH touched AS MATERIALIZED (
        SELECT DISTINCT imei FROM book_entries
        WHERE carrier_id = ${carrierId} AND seq > ${since} AND seq <= ${seq} AND imei > ${after}
        ORDER BY imei LIMIT ${page}
      ), compared AS MATERIALIZED (
        SELECT imei::text, ${rowAt(carrierId, since)} AS was, ${rowAt(carrierId, seq)} AS now FROM touched
      ), named AS (
        SELECT imei, coalesce(now, was) AS listed, CASE WHEN was IS NOT DISTINCT FROM now THEN NULL
          WHEN was IS NULL THEN 'blocked' WHEN now IS NULL THEN 'unblocked' ELSE 'changed' END AS delta
        FROM compared
      )
      SELECT delta, count(*)::int AS rows, max(imei) AS last,
        coalesce(string_agg(left(imei, ${digits}) || ',' || listed || E'\n', '' ORDER BY imei)
          FILTER (WHERE delta IS NOT NULL), '') AS text
      FROM named GROUP BY delta`
    let touched = 0
    for (const { delta, rows, text, last } of groups) {
      touched += rows
      if (last > after) after = last
      if (delta !== null) yield { delta, rows, text }
    }
    if (touched < page) return
  }
}

/** The requested files: the whole list starts from nothing, so its `since` is 0. */
type Asked = Pick<ListQuery, 'carrierId' | 'seq' | 'digits'> & { readonly since: number }

async function keptFacts({ since, ...list }: Asked): Promise<Map<ListFileName, ListFacts>> {
  const rows = await db.listFacts.findMany({
    where: {
      ...list,
      OR: [
        { name: 'list', since: 0 },
        { name: { not: 'list' }, since },
      ],
    },
    select: { name: true, rows: true, bytes: true, sha256: true },
  })
  return new Map(
    rows.map(({ name, bytes, ...rest }) => [name as ListFileName, { ...rest, bytes: Number(bytes) }]),
  )
}

/** Caches facts. Another process may cache the same first; a book is append-only, so they cannot differ. */
async function keepFacts(
  { since, ...list }: Asked,
  found: Iterable<readonly [ListFileName, ListFacts]>,
): Promise<void> {
  await db.listFacts.createMany({
    data: [...found].map(([name, facts]) => ({
      ...list,
      since: name === 'list' ? 0 : since,
      name,
      ...facts,
    })),
    skipDuplicates: true,
  })
}

const ROWS_A_PAGE = 10_000

export const listSequence = (carrierId: string): Promise<number> => findBookHead(carrierId)

interface FilesQuery {
  readonly seq: number
  readonly since: number
  /** IMEI digits in the files; null or undefined means the carrier's own setting. */
  readonly digits?: ImeiDigits | null | undefined
}

/** Returns the list in force at a sequence as CSV with whole IMEIs; null beyond the book's end. */
export async function listFile(carrierId: string, seq: number): Promise<ListFile | null> {
  const query = await queryOf(carrierId, { seq, since: 0, digits: 15 })
  return query && spoolToFile(listRows(query))
}

/** Returns the list at a sequence, or its changes since another; null beyond the book's end. */
export async function fileOf(
  carrierId: string,
  name: ListFileName,
  asked: FilesQuery,
): Promise<ListFile | null> {
  const query = await queryOf(carrierId, asked)
  if (query === null) return null
  return spoolToFile(name === 'list' ? listRows(query) : onlyOf(name, query, asked.since))
}

async function* onlyOf(name: Delta, query: ListQuery, since: number): AsyncGenerator<ListPiece> {
  for await (const piece of deltaRows(query, since)) if (piece.delta === name) yield piece
}

/**
 * Returns the facts about the files of a sequence; null beyond the book's end. They never change, so they are cached and the list
 * is not read again.
 */
export async function manifest(carrierId: string, asked: FilesQuery): Promise<Manifest | null> {
  const query = await queryOf(carrierId, asked)
  if (query === null) return null
  const question = { carrierId, seq: asked.seq, digits: query.digits, since: asked.since }
  const facts = await keptFacts(question)
  const missing = LIST_FILES.filter((name) => !facts.has(name))
  for (const [name, found] of await factsOf(missing, query, asked.since)) facts.set(name, found)
  if (missing.length > 0) await keepFacts(question, facts)
  return {
    carrier: carrierId,
    seq: asked.seq,
    from: asked.since,
    digits: query.digits,
    files: LIST_FILES.flatMap((name) => {
      const known = facts.get(name)
      return known ? [{ name, ...known }] : []
    }),
  }
}

async function factsOf(names: readonly ListFileName[], query: ListQuery, since: number) {
  const tallies = new Map(names.map((name) => [name, new FileTally()]))
  const list = tallies.get('list')
  if (list) for await (const piece of listRows(query)) list.add(piece)
  if (DELTAS.some((delta) => tallies.has(delta)))
    for await (const piece of deltaRows(query, since)) tallies.get(piece.delta)?.add(piece)
  return [...tallies].map(([name, tally]) => [name, tally.facts()] as const)
}

async function queryOf(carrierId: string, { seq, digits }: FilesQuery): Promise<ListQuery | null> {
  if (seq > (await findBookHead(carrierId))) return null
  return { carrierId, seq, digits: digits ?? (await findDigits(carrierId)), page: ROWS_A_PAGE }
}

async function findDigits(carrierId: string): Promise<ImeiDigits> {
  const row = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { imeiDigits: true },
  })
  return imeiDigits(row.imeiDigits)
}

const base64url = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url')

/** Returns a public key as JSON Web Key (RFC 8037), named by its thumbprint (RFC 7638). */
function publicKey(seed: Uint8Array): KeySet['keys'][number] {
  const key = { crv: 'Ed25519', kty: 'OKP', x: base64url(ed25519(seed).publicKey) } as const
  const kid = createHash('sha256').update(canonicalJson(key)).digest('base64url')
  return { ...key, kid, alg: 'EdDSA', use: 'sig' }
}

/** Returns the keys that verify the exchange's signatures: the current one, then the previous or next one. */
export function exchangeKeys(): KeySet {
  const { ANTAM_EXCHANGE_KEY: current, ANTAM_EXCHANGE_KEY_ALSO: also } = env()
  return { keys: (also ? [current, also] : [current]).map(publicKey) }
}

/** Signs a payload: returns a JWS with detached payload (RFC 7515, appendix F), `header..signature`. */
export function signDetached(payload: string): string {
  const seed = env().ANTAM_EXCHANGE_KEY
  const header = base64url(JSON.stringify({ alg: 'EdDSA', kid: publicKey(seed).kid }))
  const signature = ed25519(seed).sign(Buffer.from(`${header}.${base64url(payload)}`))
  return `${header}..${base64url(signature)}`
}

/** Signs a statement for a paper: returns a compact JWS, `header.payload.signature`. */
export const signStatement = (payload: string): string =>
  signDetached(payload).replace('..', `.${base64url(payload)}.`)

/** Returns the statement of a compact JWS signed with one of this site's keys; null for any other. */
export function readSigned(token: string): string | null {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const message = Buffer.from(`${header}.${payload}`)
  const isOurs = exchangeKeys().keys.some(({ x }) =>
    verifyEd25519(Buffer.from(x, 'base64url'), message, Buffer.from(signature, 'base64url')),
  )
  return isOurs ? Buffer.from(payload, 'base64url').toString() : null
}

/** Returns the digest of a signed statement for the log, which reveals nothing of its content. */
export const digestOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex').toUpperCase()

export interface ListFile extends ListFacts {
  readonly body: ReadableStream<Uint8Array>
}

/** Running tally of a list's file. It begins with the header, which is there even if nothing is listed. */
class FileTally {
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

  /** Returns the facts of the whole file; call once, at the end. */
  facts(): ListFacts {
    return { rows: this.rows, bytes: this.bytes, sha256: this.digest.digest('hex') }
  }
}

/**
 * Makes a file of a list. Its checksum is sent before its first byte, so it is first written to disk, to an unnamed file that
 * disappears when the last reader closes it or the process dies. Neither memory nor a database connection is held for a slow
 * reader.
 */
async function spoolToFile(pieces: AsyncIterable<ListPiece>): Promise<ListFile> {
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
