import '#server-only'
import {
  DELTAS,
  type Delta,
  type ImeiDigits,
  LIST_FILES,
  type ListFileName,
  type Manifest,
} from '#domain/exchange/list-files.ts'
import { bookHead, digitsOf } from '../repository/carriers.ts'
import { deltaRows, type ListPiece, type ListQuery, listRows } from '../repository/list.ts'
import { FileTally, type ListFile, spool } from './spool.ts'

const ROWS_A_PAGE = 10_000

/** The sequence at which the list is in force now. */
export const listSequence = (carrierId: string): Promise<number> => bookHead(carrierId)

export interface FilesQuery {
  readonly seq: number
  /** What the deltas begin from. */
  readonly since: number
  /** Null: as the carrier has it set. */
  readonly digits: ImeiDigits | null
}

/** The list in force at a sequence as CSV with whole IMEIs, or null beyond the book's end. */
export async function listFile(carrierId: string, seq: number): Promise<ListFile | null> {
  const query = await queryOf(carrierId, { seq, since: 0, digits: 15 })
  return query && spool(listRows(query))
}

/** The list at a sequence, or what changed in it since another; null beyond the book's end. */
export async function fileOf(
  carrierId: string,
  name: ListFileName,
  asked: FilesQuery,
): Promise<ListFile | null> {
  const query = await queryOf(carrierId, asked)
  if (query === null) return null
  return spool(name === 'list' ? listRows(query) : onlyOf(name, query, asked.since))
}

async function* onlyOf(name: Delta, query: ListQuery, since: number): AsyncGenerator<ListPiece> {
  for await (const piece of deltaRows(query, since)) if (piece.delta === name) yield piece
}

/** What the files of a sequence are; the same question always has the same answer. Null beyond the book's end. */
export async function manifest(carrierId: string, asked: FilesQuery): Promise<Manifest | null> {
  const query = await queryOf(carrierId, asked)
  if (query === null) return null
  const tallies = { list: new FileTally(), ...talliesOfDeltas() }
  for await (const piece of listRows(query)) tallies.list.add(piece)
  for await (const piece of deltaRows(query, asked.since)) tallies[piece.delta].add(piece)
  return {
    carrier: carrierId,
    seq: asked.seq,
    from: asked.since,
    digits: query.digits,
    files: LIST_FILES.map((name) => ({ name, ...tallies[name].facts() })),
  }
}

const talliesOfDeltas = () =>
  Object.fromEntries(DELTAS.map((delta) => [delta, new FileTally()])) as Record<Delta, FileTally>

async function queryOf(carrierId: string, { seq, digits }: FilesQuery): Promise<ListQuery | null> {
  if (seq > (await bookHead(carrierId))) return null
  return { carrierId, seq, digits: digits ?? (await digitsOf(carrierId)), page: ROWS_A_PAGE }
}
