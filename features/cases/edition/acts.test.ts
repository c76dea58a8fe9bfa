import { beforeEach, describe, expect, test } from 'vitest'
import { findActor, insertSession } from '#features/accounts/sign-in/data.ts'
import { switchEdition } from '#features/areas/acts.ts'
import { places } from '#features/areas/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { inScope } from '#platform/scope.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { setStaffPost } from '#tests/factories/accounts.ts'
import {
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  type Police,
} from '#tests/factories/case.ts'
import { confirmLast } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { readQueuePage } from '../queue/page-data.ts'
import { WHOLE_QUEUE } from '../queue/rules.ts'
import { findCase } from '../record/data.ts'
import { CASE_STATES } from '../record/state-rules.ts'
import { followEdition } from './acts.ts'

const now = new Date()
let police: Police
beforeEach(async () => {
  police = await makePolice()
})

/** Returns a staff member as their next request finds them. */
async function again(actor: StaffActor): Promise<StaffActor> {
  const tokenHash = new Uint8Array(Buffer.from(actor.id.replaceAll('-', ''), 'hex'))
  await transaction(async (tx) => {
    await tx.staffSession.deleteMany({ where: { accountId: actor.id } })
    const expiresAt = new Date(now.getTime() + 3_600_000)
    await insertSession(tx, {
      tokenHash,
      accountId: actor.id,
      browser: 'other other',
      createdAt: now,
      expiresAt,
    })
  })
  const found = await findActor(tokenHash, now)
  if (!found) throw new Error('no session')
  return found
}

async function to(edition: '2016' | '2025') {
  const switched = await switchEdition(edition, new Date())
  expect(switched).toMatchObject({ ok: true })
  return followEdition(new Date())
}

const unitNow = async (id: string) => (await findCase(systemScope(), { id }))?.unitId
const sees = async (actor: StaffActor, id: string) => {
  const scope = staffScope(await again(actor))
  if (!scope) throw new Error('no scope')
  return (await findCase(scope, { id })) !== null
}

describe('a switch to the wards of 2025', () => {
  test('moves an open case to the ward that its place names, and to the desk where it names none', async () => {
    const place = (text: string) => ({ particulars: { place: text } })
    const named = await makeCase(place('Trước 12 Lê Quý Đôn, phường Võ Thị Sáu'))
    const abroad = await makeCase(place('Đường Võ Thị Sáu, gần chợ'))
    const numbered = await makeCase(place('hẻm 5, p.5'))
    const both = await makeCase(place('giữa P.5 và P.9'))
    expect(await to('2025')).toEqual({ cases: 4, found: 0, failed: [] })
    expect(await unitNow(named.id)).toBe('phuong-xuan-hoa')
    expect(await unitNow(abroad.id)).toBe('dau-moi-quan-3')
    expect(await unitNow(numbered.id)).toBe('phuong-ban-co')
    expect(await unitNow(both.id)).toBe('dau-moi-quan-3')
    expect((await findCase(systemScope(), { id: named.id }))?.areaId).toBe('quan-3')
  })

  test('leaves it with the person who has it, who goes on with it and whose colleague approves', async () => {
    const { officer, supervisor } = police
    const made = await makeProvenCase()
    await move(made.id, officer, { move: 'take' })
    const dueAt = (await findCase(systemScope(), { id: made.id }))?.dueAt
    await to('2025')
    const [o, s] = [await again(officer), await again(supervisor)]
    const page = await readQueuePage(o, WHOLE_QUEUE, null, new Date())
    expect(page.rows.map(({ id }) => id)).toEqual([made.id])
    expect(await findCase(systemScope(), { id: made.id })).toMatchObject({ assigneeId: officer.id, dueAt })
    await move(made.id, o, { move: 'verify' })
    await move(made.id, s, { move: 'approve' })
    expect((await findCase(systemScope(), { id: made.id }))?.state).toBe('blocking')
  })

  test('leaves cases of a ward with their officer who is given that ward, and returns those of the others', async () => {
    const place = { particulars: { place: 'phường Võ Thị Sáu' } }
    const [own, other] = [await makeCase(place), await makeCase()]
    for (const { id } of [own, other]) await move(id, police.officer, { move: 'take' })
    await to('2025')
    const [admin, second] = [await makeStaff('admin'), await makeStaff('admin')]
    await makeStaff('auditor')
    const post = { role: 'officer', unitId: 'phuong-xuan-hoa', agencyId: null, carrierId: null } as const
    expect(await setStaffPost(admin, police.officer.id, post, now)).toEqual(ok('requested'))
    await confirmLast(now, second)
    const standing = async (caseId: string) => {
      const c = await findCase(systemScope(), { id: caseId })
      return [c?.unitId, c?.state, c?.assigneeId]
    }
    expect(await standing(own.id)).toEqual(['phuong-xuan-hoa', 'under_review', police.officer.id])
    expect(await standing(other.id)).toEqual(['dau-moi-quan-3', 'submitted', null])
  })

  test('in three states and back leaves every case where it was', async () => {
    const submitted = await makeCase({ particulars: { place: 'phường Võ Thị Sáu' } })
    const blocking = await makeBlockingCase({}, police)
    const reviewed = await makeProvenCase()
    await move(reviewed.id, police.officer, { move: 'take' })
    const ids = [submitted.id, blocking.id, reviewed.id]
    const all = () => Promise.all(ids.map((id) => findCase(systemScope(), { id })))
    const before = await all()
    expect((await to('2025')).cases).toBe(3)
    const there = await all()
    expect(there.map((c) => c?.unitId)).toEqual(['phuong-xuan-hoa', 'dau-moi-quan-3', 'dau-moi-quan-3'])
    for (const [at, c] of there.entries())
      expect(c).toMatchObject({ ...before[at], unitId: c?.unitId, version: (before[at]?.version ?? 0) + 1 })
    expect((await to('2016')).cases).toBe(3)
    for (const [at, c] of (await all()).entries())
      expect(c).toEqual({ ...before[at], version: (before[at]?.version ?? 0) + 2 })
  })

  test('done twice does nothing more, and is written down once', async () => {
    await makeCase()
    await to('2025')
    expect(await to('2025')).toEqual({ cases: 0, found: 0, failed: [] })
    const acts = await db.auditEntry.findMany({
      where: { act: { startsWith: 'area_edition' } },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ act, facts }) => [act, facts])).toEqual([
      ['area_edition.switch', { from: '2016', to: '2025', record: expect.any(Object) }],
      ['area_edition.follow', { cases: 1, found: 0 }],
    ])
    expect(await db.auditEntry.count({ where: { act: 'case.follow_unit' } })).toBe(1)
    expect(await switchEdition('1930', now)).toEqual(err('not_found'))
  })

  test('in every state a case is seen before, during and after by people who can act, and nobody else sees it', async () => {
    const other = (await makePolice('quan-1')).officer
    const ids: string[] = []
    for (const state of CASE_STATES) {
      const { id } = await makeCase({ particulars: { place: ids.length % 2 ? 'phường Võ Thị Sáu' : 'x' } })
      await superuser.query('UPDATE cases SET state = $2::case_state WHERE id = $1', [id, state])
      ids.push(id)
    }
    const checked = async () => {
      for (const id of ids) {
        expect(await sees(police.officer, id)).toBe(true)
        expect(await sees(police.supervisor, id)).toBe(true)
        expect(await sees(other, id)).toBe(false)
      }
    }
    await checked()
    await switchEdition('2025', now)
    await checked()
    await followEdition(now)
    await checked()
    const ward = await makeStaff('officer', { unitId: 'phuong-xuan-hoa' })
    const inWard: boolean[] = []
    for (const id of ids) inWard.push(await sees(ward, id))
    const units = await Promise.all(ids.map(unitNow))
    expect(inWard).toEqual(units.map((unit) => unit === 'phuong-xuan-hoa'))
    await switchEdition('2016', now)
    await checked()
    await followEdition(now)
    await checked()
    // People of a ward serve the district that it was drawn from.
    expect(await sees(ward, ids[0] ?? '')).toBe(true)
  })

  test('takes requests about data, objections and kept phones along', async () => {
    const { id } = await makeCase({ particulars: { place: 'phường Võ Thị Sáu' } })
    await superuser.query(
      `INSERT INTO data_requests (id, case_id, unit_id, kind, state, event_seq, asked_at, due_at)
       VALUES (gen_random_uuid(), $1, 'quan-3', 'erase', 'open', 1, now(), now())`,
      [id],
    )
    await superuser.query(
      `INSERT INTO found_phones (id, imei, key14, found_on, place, custody, unit_id, added_by_id, added_at)
       VALUES (gen_random_uuid(), '356789100000019', '35678910000001', now(), 'x', 'x', 'quan-3', $1, now())`,
      [police.officer.id],
    )
    expect(await to('2025')).toEqual({ cases: 1, found: 1, failed: [] })
    await inScope(systemScope(), async () => {
      expect(await db.dataRequest.findFirst({ select: { unitId: true } })).toEqual({
        unitId: 'phuong-xuan-hoa',
      })
      expect(await db.foundPhone.findFirst({ select: { unitId: true } })).toEqual({
        unitId: 'dau-moi-quan-3',
      })
    })
    await to('2016')
    await inScope(systemScope(), async () => {
      expect(await db.dataRequest.findFirst({ select: { unitId: true } })).toEqual({ unitId: 'quan-3' })
      expect(await db.foundPhone.findFirst({ select: { unitId: true } })).toEqual({ unitId: 'quan-3' })
    })
  })

  test('a ward without anybody who approves has the city’s people for it', async () => {
    await to('2025')
    const officer = await makeStaff('officer', { unitId: 'phuong-xuan-hoa' })
    const elsewhere = await makeStaff('supervisor', { unitId: 'phuong-ban-co' })
    const city = await makeStaff('city_police')
    const made = await makeProvenCase({ unitId: 'phuong-xuan-hoa' })
    await move(made.id, officer, { move: 'take' })
    await move(made.id, officer, { move: 'verify' })
    await expect(move(made.id, elsewhere, { move: 'approve' })).rejects.toThrow('forbidden')
    await move(made.id, city, { move: 'approve' })
    expect((await findCase(systemScope(), { id: made.id }))?.state).toBe('blocking')
  })

  test('leaves one unit in force for each of its areas, and nobody an area of two', async () => {
    await to('2025')
    const { areas, map } = await places()
    expect(areas).toHaveLength(168)
    expect(new Set(areas.map(({ unitId }) => unitId)).size).toBe(168)
    for (const { id } of areas) expect(map.inForce.get(id)).toBe(id)
  })
})
