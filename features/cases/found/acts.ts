import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { lockPlaces } from '#features/areas/acts.ts'
import { keepingUnit } from '#features/areas/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant, localDate } from '#lib/time.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { type FoundBy, followClaims, insertFound } from './data.ts'
import { type FoundFaults, type FoundTyped, readFoundPhone, readFoundTable } from './rules.ts'
import { findUpload, insertUpload, removeUpload } from './sealed-data.ts'

export type AddFault = 'forbidden' | 'kept' | FoundFaults

/** Returns who adds a phone, with the unit that keeps it: for people of a unit that has ended, the one that answers now. */
async function byOf(tx: Tx, { id: addedById, unitId }: StaffActor, addedAt: Instant): Promise<FoundBy> {
  if (unitId === null) return { unitId, addedById, addedAt }
  const { map } = await lockPlaces(tx)
  return { unitId: keepingUnit(map, unitId), addedById, addedAt }
}

/**
 * Writes down one phone that police keep from now on, and finds at once the case that claims it, in any district.
 * Returns the phone's id.
 */
export async function addFound(
  actor: StaffActor,
  input: { readonly typed: FoundTyped; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, AddFault>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  const read = readFoundPhone(input.typed, localDate(now))
  if (!read.ok) return read
  return inScope(systemScope(), () =>
    actOnce<string, AddFault>(input.submitKey, `found.add:${actor.id}`, now, async (tx) => {
      const [id] = await insertFound(tx, [read.value], await byOf(tx, actor, now))
      if (id === undefined) return err('kept')
      await followClaims(tx, { keys: [read.value.key14] })
      await enqueue(tx, 'found-tell', {})
      const subject = { kind: 'found', id } as const
      await audit(tx, { actor, act: 'found.add', subject, facts: { added: 1 }, at: now })
      return ok(id)
    }),
  )
}

export type UploadFault = CsvFault | 'forbidden' | 'no_imei_column' | 'too_large' | 'none'

/** The time that a file that was read waits to be confirmed. */
const UPLOAD_LIFE = 2 * HOUR

/** Reads a file of phones and keeps what it says, beside everything else, until its sender confirms it. */
export async function readUpload(
  actor: StaffActor,
  bytes: Uint8Array,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, UploadFault>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  const csv = await readCsv(bytes)
  if ('fault' in csv) return err(csv.fault)
  const rows = readFoundTable(csv.rows, localDate(now))
  if (rows === null) return err('no_imei_column')
  if (rows.length === 0) return err('empty')
  // The same file in the same form waits once.
  const id = keyFor(submitKey, actor.id, createHash('sha256').update(bytes).digest('hex'))
  await transaction((tx) =>
    insertUpload(tx, { id, rows, addedById: actor.id, expiresAt: addMilliseconds(now, UPLOAD_LIFE) }),
  )
  return ok(id)
}

/** Adds every phone of a file that could be read and is not kept yet, all or none; answers how many. */
export async function confirmUpload(
  actor: StaffActor,
  { uploadId, submitKey }: { readonly uploadId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<number, 'forbidden' | 'gone'>> {
  if (!may(actor.role, 'found:manage')) return err('forbidden')
  return inScope(systemScope(), () =>
    actOnce<number, 'gone'>(submitKey, `found.upload:${actor.id}`, now, async (tx) => {
      const upload = await findUpload(uploadId, actor.id, now, tx)
      // Of two forms sent at once, the later one finds the file gone.
      if (!upload || !(await removeUpload(tx, uploadId))) return err('gone')
      const phones = upload.rows.flatMap(({ read }) => (read.ok ? [read.value] : []))
      const { length: added } = await insertFound(tx, phones, await byOf(tx, actor, now))
      await followClaims(tx, { keys: phones.map(({ key14 }) => key14) })
      await enqueue(tx, 'found-tell', {})
      const facts = { rows: upload.rows.length, added }
      await audit(tx, {
        actor,
        act: 'found.upload',
        subject: { kind: 'found', id: uploadId },
        facts,
        at: now,
      })
      return ok(added)
    }),
  )
}
