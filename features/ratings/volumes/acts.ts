import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
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
  readVolume,
  readVolumes,
  readVolumeTable,
  type Volume,
} from './rules.ts'

/** `columns`: there is none of cases; `rows`: some cannot be taken, and then none is. */
export type VolumeRefusal =
  | { readonly kind: 'forbidden' | 'columns' | 'source' | CsvFault }
  | { readonly kind: 'rows'; readonly faults: readonly FaultyRow[] }

const SOURCE_MOST = 120

async function keep(
  tx: Tx,
  actor: StaffActor | { readonly kind: 'system' },
  volumes: readonly Volume[],
  source: string,
  now: Instant,
): Promise<number> {
  const changed = await keepVolumes(tx, volumes, source, now)
  if (changed === 0) return 0
  const months = volumes.map(({ month }) => month).toSorted()
  await audit(tx, {
    actor,
    act: 'survey.volumes',
    subject: { kind: 'catalogue', id: randomUUID() },
    facts: {
      ...{ source, rows: volumes.length, changed },
      ...{ from: months[0] ?? null, to: months.at(-1) ?? null },
      cases: volumes.reduce((sum, { cases }) => sum + cases, 0),
    },
    at: now,
  })
  return changed
}

/** Takes the table of cases that a survey manager gives, all of it or none. Returns how many of its rows are new or differ. */
export async function importVolumes(
  actor: StaffActor,
  {
    table,
    source,
    submitKey,
  }: { readonly table: string; readonly source: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<number, VolumeRefusal>> {
  if (!may(actor.role, 'survey:manage')) return err({ kind: 'forbidden' })
  const said = stripInvisible(source).trim()
  if (said === '' || said.length > SOURCE_MOST) return err({ kind: 'source' })
  const csv = await readCsv(Buffer.from(table), MAX_VOLUMES)
  if ('fault' in csv) return err({ kind: csv.fault })
  const read = readVolumeTable(csv.rows, await readAgencyVersions(), now)
  if (read === null || read.volumes.length + read.faults.length === 0) return err({ kind: 'columns' })
  if (read.faults.length > 0) return err({ kind: 'rows', faults: read.faults })
  return actOnce<number, VolumeRefusal>(submitKey, 'survey.volumes', now, async (tx) =>
    ok(await keep(tx, actor, read.volumes, said, now)),
  )
}

/** A row as the city's one-stop system sends it. */
export interface SentVolume {
  readonly agency: string
  readonly month: string
  readonly procedure?: string | undefined
  readonly cases: number
}

/** Takes the cases that the city's one-stop system sends, all of them or none; the same again changes nothing. */
export async function takeVolumes(
  { source, rows }: { readonly source: string; readonly rows: readonly SentVolume[] },
  now: Instant,
): Promise<Result<number, { readonly faults: readonly FaultyRow[] }>> {
  const versions = await readAgencyVersions()
  const { volumes, faults } = readVolumes(
    rows.map(({ agency, month, procedure = '', cases }, at) => ({
      line: at,
      read: readVolume({ agency, month, procedure, cases: String(cases) }, versions, now),
    })),
  )
  if (faults.length > 0) return err({ faults })
  return runInTransaction(async (tx) => ok(await keep(tx, { kind: 'system' }, volumes, source, now)))
}
