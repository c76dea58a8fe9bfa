import '#server-only'
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { type AuditedAct, audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import type { Instant } from '#lib/time.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { keepVolumes, readAgencyVersions } from './data.ts'
import {
  type FaultyRow,
  MAX_VOLUMES,
  type ReadRow,
  readVolume,
  readVolumeTable,
  tellFaults,
  type Volume,
  type VolumeFault,
  volumeKey,
  type volumesSchema,
} from './rules.ts'

/** `columns`: there are no columns or rows of figures; `rows`: some rows are invalid, so none is taken. */
type TableRefusal<F> =
  | { readonly kind: 'forbidden' | 'columns' | 'source' | CsvFault }
  | { readonly kind: 'rows'; readonly faults: readonly FaultyRow<F>[] }

const SOURCE_MOST = 120

export interface TableSent {
  readonly table: string
  readonly source: string
  readonly submitKey: string
}

/** Imports a survey manager's table, all or none. Returns how many of its rows are new or differ. */
export async function importTable<Row extends object, F extends string>(
  actor: StaffActor,
  { table, source, submitKey }: TableSent,
  kind: {
    readonly name: 'survey.volumes' | 'survey.benchmarks'
    /** Reads the rows; null if the columns are missing. */
    readonly read: (rows: readonly (readonly string[])[]) => Promise<readonly ReadRow<Row, F>[] | null>
    /** Returns the key of a row. A repeated key is a fault of the later row. */
    readonly keyOf: (row: Row) => string
    readonly keep: (
      tx: Tx,
      rows: readonly Row[],
      source: string,
    ) => Promise<{ readonly changed: number; readonly facts: AuditedAct['facts'] }>
  },
  now: Instant,
): Promise<Result<number, TableRefusal<F | 'repeated'>>> {
  if (!may(actor.role, 'survey:manage')) return err({ kind: 'forbidden' })
  const said = stripInvisible(source).trim()
  if (said === '' || said.length > SOURCE_MOST) return err({ kind: 'source' })
  const csv = await readCsv(Buffer.from(table), MAX_VOLUMES)
  if ('fault' in csv) return err({ kind: csv.fault })
  const read = await kind.read(csv.rows)
  if (read === null || read.length === 0) return err({ kind: 'columns' })
  const { taken, faults } = tellFaults(read, kind.keyOf)
  if (faults.length > 0) return err({ kind: 'rows', faults })
  return actOnce<number, TableRefusal<F | 'repeated'>>(submitKey, kind.name, now, async (tx) => {
    const { changed, facts } = await kind.keep(tx, taken, said)
    await note(tx, actor, kind.name, { source: said, rows: taken.length, changed, ...facts }, now)
    return ok(changed)
  })
}

async function note(
  tx: Tx,
  actor: AuditedAct['actor'],
  act: 'survey.volumes' | 'survey.benchmarks',
  facts: NonNullable<AuditedAct['facts']> & { readonly changed: number },
  at: Instant,
): Promise<void> {
  const subject = { kind: 'catalogue', id: randomUUID() } as const
  if (facts.changed > 0) await audit(tx, { actor, act, subject, facts, at })
}

const factsOf = (volumes: readonly Volume[]) => {
  const months = volumes.map(({ month }) => month).toSorted()
  return {
    ...{ from: months[0] ?? null, to: months.at(-1) ?? null },
    cases: volumes.reduce((sum, { cases }) => sum + cases, 0),
  }
}

/** Imports a survey manager's table of cases, all or none. Returns how many of its rows are new or differ. */
export const importVolumes = (actor: StaffActor, sent: TableSent, now: Instant) =>
  importTable(
    actor,
    sent,
    {
      name: 'survey.volumes',
      read: async (rows) => readVolumeTable(rows, await readAgencyVersions(), now),
      keyOf: volumeKey,
      keep: async (tx, volumes, source) => ({
        changed: await keepVolumes(tx, volumes, source, now),
        facts: factsOf(volumes),
      }),
    },
    now,
  )

/** Imports the cases that the city's one-stop system sends, all or none. Sending the same again changes nothing. */
export async function takeVolumes(
  { source, rows }: z.output<typeof volumesSchema>,
  now: Instant,
): Promise<Result<number, { readonly faults: readonly FaultyRow<VolumeFault>[] }>> {
  const versions = await readAgencyVersions()
  const { taken, faults } = tellFaults<Volume, VolumeFault>(
    rows.map(({ agency, month, procedure = '', cases }, at) => ({
      line: at,
      read: readVolume({ agency, month, procedure, cases: String(cases) }, versions, now),
    })),
    volumeKey,
  )
  if (faults.length > 0) return err({ faults })
  return runInTransaction(async (tx) => {
    const changed = await keepVolumes(tx, taken, source, now)
    const facts = { source, rows: taken.length, changed, ...factsOf(taken) }
    await note(tx, { kind: 'system' }, 'survey.volumes', facts, now)
    return ok(changed)
  })
}
