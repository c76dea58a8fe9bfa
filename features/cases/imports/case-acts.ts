import '#server-only'
import { randomBytes, randomUUID } from 'node:crypto'
import { lockPlaces } from '#features/areas/acts.ts'
import { answeringUnit } from '#features/areas/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { deviceOf, holidays } from '#features/lookup-tables/queries.ts'
import { notify } from '#features/notices/acts.ts'
import { NOTHING_OPEN, openColumns } from '#features/reporting/fields/columns-rules.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { tacMismatch } from '#lib/imei/device.ts'
import type { Instant } from '#lib/time.ts'
import { caseHash, keyedHash, newCaseKey, randomBuffer } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { decisionDue } from '../clocks/rules.ts'
import { whomToCall } from '../messages/call-acts.ts'
import { addEvent } from '../moves/events-data.ts'
import { newCaseNumber } from '../numbers/rules.ts'
import { indexPerson } from '../particulars/acts.ts'
import type { Particulars } from '../particulars/rules.ts'
import { recordOf } from '../record/rules.ts'
import { needsWork } from '../record/state-rules.ts'
import { insert, insertKey, type NewCase } from '../submission/data.ts'
import { newCaseSecret } from '../unlock/rules.ts'
import { sourceHash } from './data.ts'
import type { PoliceRecord } from './rules.ts'

/**
 * Makes a case of one record of police's own files, under review and nobody's yet, in the caller's transaction. The
 * person who imported it counts as the one who filed it: others verify and approve. It has a secret like every case,
 * which nobody knows.
 */
export async function importCase(
  tx: Tx,
  actor: StaffActor,
  { record, unitId }: { readonly record: PoliceRecord; readonly unitId: string },
  now: Instant,
): Promise<void> {
  const id = randomUUID()
  const { key, stored } = newCaseKey(id)
  const number = newCaseNumber(randomBuffer)
  const [first] = record.imeis
  const device = first ? await deviceOf(first.tac, tx) : null
  const { map } = await lockPlaces(tx)
  // The file is of one unit: the case happened where that unit answered, and goes to the one that answers now.
  const areaId = map.areasOf.get(unitId)?.[0]
  if (areaId === undefined) throw new Error(`the unit ${unitId} answers for no area`)
  const particulars: Particulars = {
    ...NOTHING_WRITTEN,
    fullName: record.fullName,
    idKind: record.idKind,
    nationalId: record.nationalId,
    contact: record.contact,
    place: record.place,
    phoneNumbers: [],
    sourceNumber: record.sourceNumber,
    ...(record.incidentDayOnly && { incidentDayOnly: true }),
  }
  const imeis = record.imeis.map(({ imei, key: key14 }) => ({ imei, key14 }))
  const row = {
    id,
    number,
    state: 'under_review',
    locale: 'vi',
    areaId,
    unitId: answeringUnit(map, { areaId, unitId, place: record.place }),
    incidentType: record.incidentType,
    incidentAt: record.incidentAt,
    ...openColumns(NOTHING_OPEN),
    brand: record.brand || (device?.manufacturer ?? ''),
    model: record.model || (device?.model ?? ''),
    tacManufacturer: device?.manufacturer ?? null,
    tacModel: device?.model ?? null,
    tacMismatch: device !== null && tacMismatch(record, device),
    contactKind: record.contact?.kind ?? null,
    secretHash: keyedHash('case-secret', newCaseSecret(randomBytes)),
    sourceHash: sourceHash(unitId, record.sourceNumber),
    filedById: actor.id,
    submittedAt: now,
    stateSince: now,
    firstActionAt: now,
    dueAt: decisionDue(now, await holidays(tx)),
    needsWork: needsWork('under_review', { held: null, holdUntil: null }),
  } as const satisfies NewCase
  await insertKey(tx, key, stored, now)
  // A record of a file claims no phone: five thousand rows without a proof must not stand before an owner.
  await insert(tx, key, row, particulars, imeis, [])
  await indexPerson(tx, id, particulars)
  const change = {
    move: 'imported',
    from: null,
    to: 'under_review',
    reasonCode: null,
    visible: true,
  } as const
  await addEvent(tx, key, { caseId: id, seq: 1, change, actor, words: {}, at: now })
  await audit(tx, {
    actor,
    act: 'case.import',
    subject: { kind: 'case', id },
    facts: { number, imeis: imeis.length },
    after: caseHash(key, recordOf({ ...row, version: 1 }, particulars, imeis)),
    at: now,
  })
  if (!record.contact) return
  const { locale, unitId: has } = row
  const params = { number, ...(await whomToCall(tx, 'imported', has, { locale, particulars })) }
  await notify(tx, { key, template: 'imported', locale, params, at: now, to: record.contact })
}
