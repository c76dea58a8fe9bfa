import '#server-only'
import { findBookHead, findDigits } from '../carriers/data.ts'
import { deltaRows, type ListPiece, type ListQuery, listRows } from '../repository/list.ts'
import { keepFacts, keptFacts } from '../repository/list-facts.ts'
import {
  DELTAS,
  type Delta,
  type ImeiDigits,
  LIST_FILES,
  type ListFileName,
  type Manifest,
} from '../rules/list-files.ts'
import { FileTally, type ListFile, spoolToFile } from './spool.ts'

const ROWS_A_PAGE = 10_000

/** Returns the sequence at which the list is in force now. */
export const listSequence = (carrierId: string): Promise<number> => findBookHead(carrierId)

export interface FilesQuery {
  readonly seq: number
  /** The number in the book that the deltas begin from. */
  readonly since: number
  /** The digits of an IMEI in the files; where null or left out, the carrier's own setting. */
  readonly digits?: ImeiDigits | null | undefined
}

/** Returns the list in force at a sequence as CSV with whole IMEIs, or null beyond the book's end. */
export async function listFile(carrierId: string, seq: number): Promise<ListFile | null> {
  const query = await queryOf(carrierId, { seq, since: 0, digits: 15 })
  return query && spoolToFile(listRows(query))
}

/** Returns the list at a sequence, or what changed in it since another; null beyond the book's end. */
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
 * Returns the facts about the files of a sequence. They never change, so they are kept for a while and the list is not
 * read again. Null beyond the book's end.
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

/** Reads some of the files (the list, the deltas or both) and returns what they hold. */
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
