import { expect, test, vi } from 'vitest'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { seedReference } from './reference.ts'

const TABLES = [
  ...['carriers', 'area_editions', 'police_areas', 'police_units', 'area_successions', 'unit_services'],
  ...['holidays', 'banks', 'agencies', 'agency_versions', 'questionnaires'],
]

/** Returns a check value per table of the reference data, over its rows and the transactions that wrote them. */
async function written(): Promise<Record<string, string>> {
  const all = TABLES.map(
    (table) =>
      `SELECT '${table}' AS name, md5(string_agg(r::text || xmin, '' ORDER BY r::text)) FROM ${table} r`,
  )
  const { rows } = await superuser.query(all.join(' UNION ALL '))
  return Object.fromEntries(rows.map(({ name, md5 }) => [name, md5]))
}

test('loading it again writes nothing', async () => {
  const before = await written()
  expect(await seedReference(db)).toEqual([])
  expect(await written()).toEqual(before)
})

test('what is missing, or the files say better, is brought; what people decided in the product stays', async () => {
  await superuser.query(`
    UPDATE carriers SET active = NOT active, imei_digits = 14, name = 'Vittel' WHERE id = 'viettel';
    DELETE FROM holidays WHERE date = '2026-09-02';
    INSERT INTO holidays (date, name) VALUES ('2026-12-24', 'Nghỉ bù');
    UPDATE area_editions SET in_force = false WHERE id = '2016';
    UPDATE area_editions SET in_force = true, switched_at = now() WHERE id = '2025';
    UPDATE agency_versions SET name_vi = 'UBND Quận Nhất', abbreviation = 'Q.1' WHERE agency_id = 'quan-1';
    UPDATE questionnaires SET retired_at = now();
    UPDATE police_units SET phone = '113' WHERE id = 'quan-3'`)
  const [carrier] = await db.carrier.findMany({ where: { id: 'viettel' } })
  expect(await seedReference(db)).toEqual(['areas', 'carriers'])
  const [again] = await db.carrier.findMany({ where: { id: 'viettel' } })
  expect(again).toEqual({ ...carrier, name: 'Viettel' })
  expect((await db.policeUnit.findUniqueOrThrow({ where: { id: 'quan-3' } })).phone).not.toBe('113')
  const days = await db.holiday.findMany({ select: { date: true } })
  const dates = days.map(({ date }) => date.toISOString().slice(0, 10))
  expect([dates.includes('2026-12-24'), dates.includes('2026-09-02')]).toEqual([true, false])
  expect((await db.areaEdition.findFirstOrThrow({ where: { inForce: true } })).id).toBe('2025')
  expect(await db.agencyVersion.count({ where: { nameVi: 'UBND Quận Nhất', abbreviation: 'Q.1' } })).toBe(1)
  expect(await db.questionnaire.count({ where: { retiredAt: null } })).toBe(0)
  expect(await seedReference(db)).toEqual([])
})

const empty = () =>
  superuser.query(
    `SET session_replication_role = replica; ${TABLES.map((table) => `DELETE FROM ${table}`).join(';')}; SET session_replication_role = DEFAULT`,
  )

test('an empty database gets all of it', async () => {
  const full = await db.agency.count()
  await empty()
  expect(await seedReference(db)).toEqual(['areas', 'carriers', 'holidays', 'banks', 'survey'])
  expect([await db.agency.count(), await db.carrier.count()]).toEqual([full, 5])
})

test('another city begins with its own areas, agencies and what became of those before them', async () => {
  await empty()
  // The state of a new database after its migrations.
  await superuser.query(
    "INSERT INTO area_editions (id, legal_basis, valid_from, in_force) VALUES ('2016', 'x', '2016-01-01', true)",
  )
  vi.stubEnv('CITY', 'da-nang')
  vi.resetModules()
  const ofDaNang = await import('./reference.ts')
  expect(await ofDaNang.seedReference(db)).toEqual(['areas', 'carriers', 'holidays', 'banks', 'survey'])
  const units = await db.policeUnit.groupBy({ by: ['kind'], _count: true, orderBy: { kind: 'asc' } })
  expect(units.map(({ kind, _count }) => [kind, _count])).toEqual([
    ['city', 1],
    ['ward', 94],
  ])
  expect(await db.areaEdition.findMany({ select: { id: true, inForce: true } })).toEqual([
    { id: '2025', inForce: true },
  ])
  expect(await db.agencyVersion.count({ where: { validTo: null } })).toBe(109)
  const [ward] = await db.agencyVersion.findMany({ where: { agencyId: 'phuong-thanh-khe' } })
  expect(ward?.areas).toEqual(['Quận Thanh Khê', 'Quận Liên Chiểu'])
  const ended = await db.agencyVersion.findMany({ where: { agencyId: 'so-du-lich' } })
  expect(ended.map(({ validTo }) => validTo)).toEqual([new Date('2025-07-01')])
  expect(
    await db.agencySuccession.findMany({ where: { fromId: 'so-du-lich' }, select: { toId: true } }),
  ).toEqual([{ toId: 'so-van-hoa-the-thao-du-lich' }])
  expect(await ofDaNang.seedReference(db)).toEqual([])
  // Started as another city, it does not change.
  await expect(seedReference(db)).rejects.toThrow(/^The database is of Thành phố Đà Nẵng/)
})
