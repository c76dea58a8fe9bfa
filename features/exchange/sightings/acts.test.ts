import { afterAll, beforeEach, expect, test } from 'vitest'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import { carrierScope, citizenScope, staffScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR, localDate, MINUTE } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  type Police,
  unblock,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { carrierFlags } from '../flags/data.ts'
import { INTERFACE_LIMITS, sightingsSchema } from '../interface/rules.ts'
import { recordResults } from '../results/acts.ts'
import { recordSightings } from './acts.ts'
import { sightingDays, sightingsForPolice, sightingTimes } from './data.ts'

afterAll(closeSignals)

const now = new Date()
const carrierId = 'viettel'
let police: Police
let made: MadeCase
beforeEach(async () => {
  police = await makePolice()
  made = await makeBlockingCase({ now: addMilliseconds(now, -2 * HOUR) }, police)
})

const imei = () => made.imeis[0] ?? ''
const seen = (changes: object = {}) => ({
  ...{
    imei: imei(),
    at: now.toISOString(),
    kind: 'attach' as const,
    area: 'Phường Bến Thành',
    served: false,
  },
  ...changes,
})
const tell = async (changes: object = {}, by = carrierId) =>
  (await recordSightings(by, [seen(changes)], now)).map(({ status }) => status)[0]
async function applied(at = addMilliseconds(now, -HOUR)) {
  const { id } = await db.carrierOrder.findFirstOrThrow({ where: { carrierId, caseId: made.id } })
  await recordResults(carrierId, [{ order: id, imei: imei(), outcome: 'applied', at: at.toISOString() }], now)
}
const policeScope = () => {
  const scope = staffScope(police.officer)
  if (!scope) throw new Error('no scope')
  return scope
}

test('is one however often it is told, and the person reads its time alone', async () => {
  expect(await tell()).toBe('recorded')
  expect(await tell()).toBe('duplicate')
  expect(await tell({ kind: 'sim_change' })).toBe('recorded')
  const twice = await Promise.all([tell({}, 'vinaphone'), tell({}, 'vinaphone')])
  expect(twice.toSorted()).toEqual(['duplicate', 'recorded'])
  const own = citizenScope(made.id, 'full')
  expect(await sightingTimes(own, made.id)).toEqual([now, now, now])
  expect((await exportData(own, made.id, 'json', now))?.sightings).toHaveLength(3)
  const other = await makeProvenCase()
  expect(await sightingTimes(citizenScope(other.id, 'full'), made.id)).toEqual([])
  expect(await db.auditEntry.count({ where: { act: 'sighting.told', caseId: made.id } })).toBe(3)
})

test('names carrier and place to police of the case alone, once they have the papers open', async () => {
  await tell()
  expect(await sightingsForPolice(policeScope(), made.id, false)).toMatchObject([{ at: now, seen: null }])
  expect(await sightingsForPolice(policeScope(), made.id, true)).toMatchObject([
    { seen: { carrier: 'Viettel', kind: 'attach', area: 'Phường Bến Thành', served: false } },
  ])
  const elsewhere = staffScope((await makePolice('quan-1')).officer)
  expect(elsewhere && (await sightingsForPolice(elsewhere, made.id, true))).toEqual([])
  const { rows } = await superuser.query('SELECT sealed_area FROM sightings')
  expect(Buffer.from(rows[0].sealed_area).toString('latin1')).not.toContain('Th')
})

test('of a phone that the carrier’s own book does not block, or from the future, leaves nothing', async () => {
  expect(await tell({ imei: '356789101234563' })).toBe('unknown')
  expect(await tell({ at: addMilliseconds(now, HOUR).toISOString() })).toBe('unknown')
  const pending = await makeProvenCase()
  expect(await tell({ imei: pending.imeis[0] })).toBe('unknown')
  await unblock({ ...made, police })
  expect(await tell()).toBe('unknown')
  expect(await db.sighting.count()).toBe(0)
})

test('that was let in flags the carrier, only where it had told the block as done', async () => {
  const relay = await makeStaff('relay')
  const flags = async () => (await carrierFlags(relay, carrierId)).map(({ kind }) => kind)
  expect(await tell({ served: true, at: addMilliseconds(now, -30 * MINUTE).toISOString() })).toBe('recorded')
  expect(await flags()).toEqual([])
  await applied()
  expect(await tell({ served: true, at: addMilliseconds(now, -90 * MINUTE).toISOString() })).toBe('recorded')
  expect(await flags()).toEqual([])
  expect(await tell({ served: true })).toBe('recorded')
  expect(await tell({ served: true, kind: 'sim_change' })).toBe('recorded')
  expect(await flags()).toEqual(['served_blocked'])
  const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'exchange-notice'`)
  expect(rows.map(({ data }) => data.notice.template)).toContain('flag_served_blocked')
})

test('is counted by day for the carrier and the relay, and for no other carrier', async () => {
  await tell()
  await tell({ kind: 'sim_change', served: true })
  await tell({ at: addMilliseconds(now, -DAY).toISOString() })
  const since = addMilliseconds(now, -14 * DAY)
  const own = carrierScope(await makeStaff('carrier', { carrierId }))
  expect(own && (await sightingDays(own, carrierId, since))).toEqual([
    { day: localDate(now), tries: 2, served: 1 },
    { day: localDate(addMilliseconds(now, -DAY)), tries: 1, served: 0 },
  ])
  const other = carrierScope(await makeStaff('carrier', { carrierId: 'gmobile' }))
  expect(other && (await sightingDays(other, carrierId, since))).toEqual([])
})

test('goes with the case’s erasure', async () => {
  await tell()
  await transaction((tx) => destroyPersonalData(tx, made.id))
  expect(await db.sighting.count()).toBe(0)
  expect(await tell({ at: addMilliseconds(now, -MINUTE).toISOString() })).toBe('unknown')
})

test('a thousand in one post are answered row by row, those of other phones leave nothing, and more are refused whole', async () => {
  const rows = Array.from({ length: 1_000 }, (_, nth) =>
    seen({
      at: addMilliseconds(now, -nth * MINUTE).toISOString(),
      ...(nth % 2 === 1 && { imei: `35${String(nth).padStart(13, '0')}` }),
    }),
  )
  const answers = await recordSightings(carrierId, rows, now)
  expect(answers.map(({ imei: about, at }) => [about, at])).toEqual(rows.map((row) => [row.imei, row.at]))
  expect(answers.filter(({ status }) => status === 'recorded')).toHaveLength(500)
  expect(await db.sighting.groupBy({ by: ['imei'], _count: true })).toMatchObject([
    { imei: imei(), _count: 500 },
  ])
  expect(await sightingTimes(citizenScope(made.id, 'full'), made.id)).toHaveLength(50)
  const most = Array.from({ length: INTERFACE_LIMITS.results + 1 }, () => seen())
  expect(sightingsSchema.safeParse({ sightings: most }).success).toBe(false)
})
