import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { reachesUnit, staffScope, systemScope } from '#lib/access/scope.ts'
import { maskEmail, maskId, maskPhone } from '#lib/person/masking.ts'
import type { Instant } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import {
  casesOfSources,
  findImport,
  type ImportSummary,
  knownSources,
  newestImports,
  sourceHash,
} from './data.ts'
import { maskedTyped, type PoliceRecord, type RecordFaults } from './rules.ts'
import { type RecordRow, readRecordTable } from './table-rules.ts'

export type { ImportSummary } from './data.ts'

const scopeOf = (actor: StaffActor) => (may(actor.role, 'case:import_records') ? staffScope(actor) : null)

const LISTED = 10

/** Returns what was imported lately within a person's scope. */
export async function imports(actor: StaffActor): Promise<readonly ImportSummary[]> {
  const scope = scopeOf(actor)
  return scope ? newestImports(scope, LISTED) : []
}

/** A row that becomes no case, and why. Only the person who uploaded the file sees its papers and contact unmasked. */
export interface FaultyRow extends Pick<RecordRow, 'line' | 'typed'> {
  readonly faults: RecordFaults
}

export interface ImportView extends ImportSummary {
  /** True when the person who reads it has read the file in, and may confirm it. */
  readonly own: boolean
  readonly faultyRows: readonly FaultyRow[]
  /** Records that are cases already: they are passed over. */
  readonly known: number
  /** Rows that will become cases, or have. */
  readonly fresh: readonly FreshRow[]
  /** The first of the cases that came of it, once it is done. */
  readonly made: readonly { readonly line: number; readonly number: string }[]
}

export interface FreshRow {
  readonly line: number
  readonly record: PoliceRecord
  /** The person whose phone it is, as on a case that nobody opened; empty for what the file does not say. */
  readonly person: { readonly name: string; readonly nationalId: string; readonly contact: string }
}

const MOST_MADE = 100

const maskedPerson = ({ fullName, nationalId, contact }: PoliceRecord): FreshRow['person'] => ({
  name: fullName,
  nationalId: nationalId === '' ? '' : maskId(nationalId),
  contact: contact ? (contact.kind === 'email' ? maskEmail : maskPhone)(contact.value) : '',
})

/** Returns the state of a file: what it would import and, once it is confirmed, what it did import. */
export async function importView(actor: StaffActor, id: string, now: Instant): Promise<ImportView | null> {
  const scope = scopeOf(actor)
  const file = scope && (await findImport(scope, id, now))
  if (!scope || !file) return null
  const { cells, skippedRows, ...summary } = file
  const rows = readRecordTable(cells, file.readAt) ?? []
  const good = rows.flatMap(({ line, typed, read }) => (read.ok ? [{ line, typed, record: read.value }] : []))
  const skippedLines = new Set(skippedRows.map(({ line }) => line))
  const sources = good.map(({ record }) => sourceHash(file.unitId, record.sourceNumber))
  const known = await inScope(systemScope(), () => knownSources(sources))
  const isKnown = ({ line, record }: (typeof good)[number]) =>
    file.state === 'read' ? known.has(hashText(file.unitId, record)) : skippedLines.has(line)
  const faultyRows = rows.flatMap(({ line, typed, read }) =>
    read.ok ? [] : [{ line, typed, faults: read.error }],
  )
  const own = file.addedById === actor.id
  const fresh = good.filter((row) => !isKnown(row))
  const made = file.state === 'done' ? await madeOf(file.unitId, fresh.slice(0, MOST_MADE)) : []
  return {
    ...summary,
    own,
    faultyRows: faultyRows
      .map((row) => (own ? row : { ...row, typed: maskedTyped(row.typed) }))
      .toSorted((a, b) => a.line - b.line),
    known: good.filter(isKnown).length,
    fresh: fresh.map(({ line, record }) => ({ line, record, person: maskedPerson(record) })),
    made: made
      .filter(({ unitId }) => reachesUnit(scope, unitId))
      .map(({ line, number }) => ({ line, number })),
  }
}

/** Returns the cases that rows have become, in the order of the rows. */
async function madeOf(
  unitId: string,
  rows: readonly { readonly line: number; readonly record: PoliceRecord }[],
) {
  const hashes = rows.map(({ record }) => sourceHash(unitId, record.sourceNumber))
  const cases = await inScope(systemScope(), () => casesOfSources(hashes))
  const found = new Map(cases.map((one) => [one.hash, one]))
  return rows.flatMap(({ line, record }) => {
    const one = found.get(hashText(unitId, record))
    return one ? [{ line, number: one.number, unitId: one.unitId }] : []
  })
}

const hashText = (unitId: string, record: PoliceRecord): string =>
  Buffer.from(sourceHash(unitId, record.sourceNumber)).toString('hex')
