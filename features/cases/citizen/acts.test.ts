import { createHash, randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type ReceivedFile, receiveFile } from '#features/evidence/files/acts.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  stateOf,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { jpeg } from '#tests/proof.ts'
import { runClocks } from '../clocks/acts.ts'
import { readQueuePage } from '../queue/page-data.ts'
import { WHOLE_QUEUE } from '../queue/rules.ts'
import { actAsCitizen, type CitizenMove } from './acts.ts'
import { caseForCitizen, findKeyForCitizen, readFactsOfPhone, readFileForCitizen } from './data.ts'
import type { CitizenAct } from './rules.ts'

const root = process.env.DATA_DIR ?? ''

const NOW = new Date('2026-11-24T03:00:00Z')
const mine = ({ id }: MadeCase) => citizenScope(id, 'full')

const version = async ({ id }: MadeCase): Promise<number> =>
  (await db.case.findUniqueOrThrow({ where: { id } })).version

async function act(made: MadeCase, name: CitizenAct, also: Partial<CitizenMove> = {}, now = NOW) {
  const key = await findKeyForCitizen(mine(made), made.id)
  if (!key) throw new Error('no key')
  const input = { key, act: name, message: '', submitKey: randomUUID(), kind: 'invoice' as const, files: [] }
  return actAsCitizen(mine(made), { ...input, version: await version(made), ...also }, now)
}

async function photo(made: MadeCase): Promise<ReceivedFile> {
  const key = await findKeyForCitizen(mine(made), made.id)
  if (!key) throw new Error('no key')
  const bytes = await jpeg()
  const sha256 = createHash('sha256').update(bytes).digest()
  return must(
    await receiveFile(key, {
      fileName: 'hóa đơn.jpg',
      content: Readable.from([bytes]),
      seen: () => ({ bytes: bytes.length, sha256, whole: true }),
      signal: new AbortController().signal,
    }),
  )
}
const filesOnDisk = async (id: string): Promise<number> =>
  (await readdir(root, { recursive: true })).filter((name) => name.includes(id)).length

async function asked(): Promise<MadeCase> {
  const [made, police] = [await makeCase(), await makePolice()]
  await move(made.id, police.officer, { move: 'take' })
  await move(made.id, police.officer, { move: 'request_info', reasonCode: 'proof', text: 'Xin gửi hóa đơn.' })
  return made
}

describe('reply', () => {
  it('takes nothing but its own fields of a form that all acts share', async () => {
    const made = await asked()
    const form = { message: 'Tôi gửi lại.', correction: { field: '', value: '' } }
    expect(await act(made, 'reply', form)).toEqual(ok(null))
    const view = await caseForCitizen(mine(made), made.id)
    expect(view?.events.find(({ move: name }) => name === 'reply')).not.toHaveProperty('correction')
  })

  it('brings words and a file, tied to its event, and the case goes back to police', async () => {
    const made = await asked()
    const file = await photo(made)
    expect(await act(made, 'reply', { message: 'Em gửi ạ', files: [file] })).toEqual(ok(null))
    expect(await stateOf(made.id)).toBe('under_review')
    const [item] = await listEvidence(mine(made), made.id)
    expect(item).toMatchObject({ id: file.id, kind: 'invoice', eventSeq: await version(made) })
    const view = await caseForCitizen(mine(made), made.id)
    expect(view?.events[0]).toMatchObject({ move: 'reply', by: 'citizen', message: 'Em gửi ạ' })
  })

  it('sent twice with one key happens once, and the second copy of the file is gone', async () => {
    const made = await asked()
    const [file, again, submitKey] = [await photo(made), await photo(made), randomUUID()]
    const seen = await version(made)
    const sendings = [file, again].map((one) =>
      act(made, 'reply', { version: seen, message: 'Em gửi ạ', files: [one], submitKey }),
    )
    expect((await Promise.all(sendings)).map((result) => result.ok)).toEqual([true, true])
    const kept = await listEvidence(mine(made), made.id)
    expect(kept).toHaveLength(1)
    const dropped = kept[0]?.id === file.id ? again : file
    expect(await filesOnDisk(dropped.id)).toBe(0)
    expect(await filesOnDisk(kept[0]?.id ?? '')).toBeGreaterThan(0)
    expect(await db.caseEvent.count({ where: { caseId: made.id, move: 'reply' } })).toBe(1)
  })

  it('on a page that is out of date is refused, and leaves no file', async () => {
    const made = await asked()
    const file = await photo(made)
    expect(await act(made, 'reply', { version: 1, files: [file] })).toEqual(err('changed'))
    expect(await filesOnDisk(file.id)).toBe(0)
    expect(await listEvidence(mine(made), made.id)).toEqual([])
    expect(await stateOf(made.id)).toBe('info_requested')
  })
})

describe('withdrawing', () => {
  it('can be undone for 24 hours, is told to the contact, and the clock finishes it', async () => {
    const made = await makeCase({ now: NOW })
    expect((await act(made, 'withdraw', {}, addMilliseconds(NOW, HOUR))).ok).toBe(true)
    expect((await act(made, 'undo_withdraw', {}, addMilliseconds(NOW, 23 * HOUR))).ok).toBe(true)
    await runClocks(addMilliseconds(NOW, 2 * DAY))
    expect(await stateOf(made.id)).toBe('submitted')

    const again = addMilliseconds(NOW, 2 * DAY)
    expect((await act(made, 'withdraw', {}, again)).ok).toBe(true)
    await runClocks(addMilliseconds(again, DAY - 1))
    expect(await stateOf(made.id)).toBe('submitted')
    expect(await act(made, 'undo_withdraw', {}, addMilliseconds(again, DAY))).toEqual(err('no_withdrawal'))
    await runClocks(addMilliseconds(again, DAY))
    expect(await stateOf(made.id)).toBe('withdrawn')
    const told = await db.notice.findMany({ where: { caseId: made.id }, orderBy: { createdAt: 'asc' } })
    expect(told.map(({ template }) => template)).toEqual([
      'submitted',
      'withdraw',
      'undo_withdraw',
      'withdraw',
      'finish_withdrawal',
    ])
    expect(await db.caseImei.count({ where: { caseId: made.id, primaryClaim: true } })).toBe(0)
  })

  it('is not possible once carriers have been told', async () => {
    expect(await act(await makeBlockingCase(), 'withdraw')).toEqual(err('wrong_state'))
  })
})

describe('appeal', () => {
  async function rejected(): Promise<MadeCase> {
    const [made, { officer }] = [await makeCase({ now: NOW }), await makePolice()]
    await move(made.id, officer, { move: 'take' }, NOW)
    await move(made.id, officer, { move: 'reject', reasonCode: 'insufficient_proof' }, NOW)
    return made
  }
  const claims = ({ id }: MadeCase) => db.caseImei.count({ where: { caseId: id, primaryClaim: true } })

  it('is possible once, with words, and regains the claim', async () => {
    const made = await rejected()
    expect(await act(made, 'appeal')).toEqual(err('text_missing'))
    expect((await act(made, 'appeal', { message: 'Máy của tôi' })).ok).toBe(true)
    expect(await claims(made)).toBe(1)
    const { officer } = await makePolice()
    await move(made.id, officer, { move: 'take' }, NOW)
    await move(made.id, officer, { move: 'reject', reasonCode: 'not_owner' }, NOW)
    expect(await act(made, 'appeal', { message: 'Lần nữa' })).toEqual(err('appeal_used'))
  })

  it('is decided by others than the supervisor who rejected: city police, where the unit has nobody else', async () => {
    const [made, { officer, supervisor }] = [await makeProvenCase({ now: NOW }), await makePolice()]
    await move(made.id, supervisor, { move: 'take' }, NOW)
    await move(made.id, supervisor, { move: 'reject', reasonCode: 'not_owner' }, NOW)
    expect((await act(made, 'appeal', { message: 'Máy của tôi' })).ok).toBe(true)
    await move(made.id, officer, { move: 'take' }, NOW)
    await move(made.id, officer, { move: 'verify' }, NOW)
    for (const decision of ['approve', 'send_back'] as const)
      await expect(move(made.id, supervisor, { move: decision }, NOW)).rejects.toThrow('own_rejection')
    const waiting = async (reader: StaffReader) =>
      (await readQueuePage(reader, { ...WHOLE_QUEUE, view: 'approve' }, null, NOW)).rows.map(({ id }) => id)
    expect(await waiting(supervisor)).not.toContain(made.id)
    const city = await makeStaff('city_police')
    expect(await waiting(city)).toContain(made.id)
    await move(made.id, city, { move: 'approve' }, NOW)
    expect(await stateOf(made.id)).toBe('blocking')
  })

  it('ends after 30 days', async () => {
    const late = addMilliseconds(NOW, 31 * DAY)
    expect(await act(await rejected(), 'appeal', { message: 'Muộn' }, late)).toEqual(err('appeal_late'))
  })

  it('goes on without the claim where somebody else has it, also at the same moment', async () => {
    const [one, other] = [await makeCase({ now: NOW }), await makePolice()]
    await move(one.id, other.officer, { move: 'take' }, NOW)
    await move(one.id, other.officer, { move: 'reject', reasonCode: 'not_owner' }, NOW)
    const theirs = {
      imeis: one.imeis,
      particulars: { contact: { kind: 'email', value: 'khac@example.vn' } },
    } as const
    const [done] = await Promise.all([
      act(one, 'appeal', { message: 'Máy của tôi' }),
      makeCase(theirs).catch(() => makeCase(theirs)),
    ])
    expect(done?.ok).toBe(true)
    const holders = await db.caseImei.count({ where: { imei: { in: [...one.imeis] }, primaryClaim: true } })
    expect(holders).toBe(1)
    expect(await db.case.findUniqueOrThrow({ where: { id: one.id } })).toMatchObject({
      state: 'under_review',
      counterclaim: null,
    })
  })
})

describe('request_unblock', () => {
  it('asks police to lift a block, with or without words', async () => {
    const made = await makeBlockingCase()
    expect((await act(made, 'request_unblock')).ok).toBe(true)
    expect(await stateOf(made.id)).toBe('unblock_review')
  })

  it('goes through where carriers alone were faster than the person who wrote', async () => {
    const made = await makeBlockingCase()
    const [seen, file] = [await version(made), await photo(made)]
    await move(made.id, { kind: 'system' }, { move: 'carriers_applied' })
    expect((await act(made, 'request_unblock', { version: seen, files: [file] })).ok).toBe(true)
    const [item] = await listEvidence(mine(made), made.id)
    expect(item).toMatchObject({ id: file.id, eventSeq: await version(made) })
  })

  it('goes through where they were faster between its look and its write', async () => {
    const made = await makeBlockingCase()
    const seen = await version(made)
    await superuser.query('BEGIN')
    await superuser.query("UPDATE cases SET version = version + 1, state = 'blocked' WHERE id = $1", [
      made.id,
    ])
    await superuser.query(
      `INSERT INTO case_events (case_id, seq, at, move, "from", "to", actor_kind, visible)
       VALUES ($1, $2, now(), 'carriers_applied', 'blocking', 'blocked', 'system', true)`,
      [made.id, seen + 1],
    )
    const sent = act(made, 'request_unblock', { version: seen })
    await expect.poll(waitingForLock).toBe(1)
    await superuser.query('COMMIT')
    expect((await sent).ok).toBe(true)
    expect(await stateOf(made.id)).toBe('unblock_review')
  })

  it('is refused on a page that people have made out of date, or that nobody was ever shown', async () => {
    const made = await makeBlockingCase()
    const approved = await version(made)
    await move(made.id, { kind: 'system' }, { move: 'carriers_applied' })
    for (const shown of [approved - 1, approved + 2])
      expect(await act(made, 'request_unblock', { version: shown })).toEqual(err('changed'))
    expect(await stateOf(made.id)).toBe('blocked')
  })
})

describe('undo_unblock', () => {
  it('keeps the block that somebody else asked to be lifted, with its event, message and audit entry', async () => {
    const made = await makeBlockingCase()
    expect((await act(made, 'request_unblock')).ok).toBe(true)
    expect((await act(made, 'undo_unblock')).ok).toBe(true)
    // The carriers had not answered yet, so they go on.
    expect(await stateOf(made.id)).toBe('blocking')
    expect(await db.carrierOrder.count({ where: { caseId: made.id, action: 'unblock' } })).toBe(0)
    expect(await db.notice.count({ where: { caseId: made.id, template: 'undo_unblock' } })).toBe(1)
    expect(await db.auditEntry.count({ where: { caseId: made.id, act: 'case.undo_unblock' } })).toBe(1)
    expect(await act(made, 'undo_unblock')).toEqual(err('wrong_state'))
  })

  it('leaves a block that every carrier has applied as it was', async () => {
    const made = await makeBlockingCase()
    await db.carrierOrder.updateMany({ where: { caseId: made.id }, data: { state: 'applied' } })
    await move(made.id, { kind: 'system' }, { move: 'carriers_applied' })
    expect((await act(made, 'request_unblock')).ok).toBe(true)
    expect((await act(made, 'undo_unblock')).ok).toBe(true)
    expect(await stateOf(made.id)).toBe('blocked')
  })

  it('is not for an unblock that a returned phone brought about', async () => {
    const made = await makeBlockingCase()
    const { officer } = await makePolice()
    await move(made.id, officer, { move: 'phone_returned' })
    expect(await act(made, 'undo_unblock')).toEqual(err('no_unblock_asked'))
    expect(await stateOf(made.id)).toBe('unblock_review')
  })
})

describe('status access', () => {
  it('can do nothing and reads nothing personal', async () => {
    const made = await asked()
    const scope = citizenScope(made.id, 'status')
    expect(await findKeyForCitizen(scope, made.id)).toBeNull()
    const key = await findKeyForCitizen(mine(made), made.id)
    if (!key) throw new Error('no key')
    const input = { key, message: '', submitKey: randomUUID(), kind: 'other' as const, files: [] }
    const seen = await version(made)
    expect(await actAsCitizen(scope, { ...input, act: 'withdraw', version: seen }, NOW)).toEqual(
      err('forbidden'),
    )
    const view = await caseForCitizen(scope, made.id)
    expect(view).toMatchObject({ phone: null, earlier: null })
    expect(view?.events.map(({ move: name, message }) => [name, message])).toEqual([
      ['request_info', null],
      ['take', null],
      ['submitted', null],
    ])
    expect(JSON.stringify(view)).not.toContain(made.imeis[0])
  })

  it('never reaches another case', async () => {
    const [made, other] = [await makeCase(), await makeCase()]
    expect(await caseForCitizen(mine(made), other.id)).toBeNull()
    expect(await findKeyForCitizen(mine(made), other.id)).toBeNull()
  })
})

describe('facts that are added after sending', () => {
  const missing = async (made: MadeCase, scope = mine(made)) =>
    (await readFactsOfPhone(scope, made.id, (await caseForCitizen(scope, made.id))?.phone ?? null)).missing
  const BARE = { story: '', place: '', serialNumber: '', address: '', phoneNumbers: [] as string[] }
  const stated = async (made: MadeCase) => {
    const file = await readFileForCitizen(mine(made), made.id)
    const { brand, model, colour } = await db.case.findUniqueOrThrow({ where: { id: made.id } })
    return { ...file?.particulars, brand, model, colour }
  }

  it('are sealed with the case, once however often they are sent, and stand in its history and in the log', async () => {
    const made = await makeCase({ particulars: BARE })
    await db.case.update({ where: { id: made.id }, data: { brand: '', model: '', colour: '' } })
    expect(await missing(made)).toHaveLength(9)
    const facts = { story: 'Hai người đi xe máy.', colour: 'đen', phoneNumber1: '0912 345 678' }
    const once = { facts, submitKey: randomUUID(), version: await version(made) }
    const all = await Promise.all([1, 2, 3].map(() => act(made, 'add_facts', once)))
    for (const one of all) expect(one).toEqual(ok(null))
    expect(await stated(made)).toMatchObject({
      story: 'Hai người đi xe máy.',
      colour: 'đen',
      phoneNumbers: ['+84912345678'],
    })
    expect(await db.caseEvent.count({ where: { caseId: made.id, move: 'add_facts' } })).toBe(1)
    expect(await db.auditEntry.count({ where: { subjectId: made.id, act: 'case.add_facts' } })).toBe(1)
    const { rows } = await superuser.query('SELECT c::text AS row FROM cases c WHERE id = $1', [made.id])
    expect(JSON.stringify(rows)).not.toMatch(/Hai người|912345678/)
    expect(await missing(made)).not.toContain('story')
  })

  it('change nothing that is stated, and are refused where there is nothing, or it is wrong', async () => {
    const made = await makeCase({ particulars: { ...BARE, story: 'Đã kể.' } })
    const facts = { story: 'Kể khác.', address: '5 Nguyễn Trãi' }
    expect((await act(made, 'add_facts', { facts })).ok).toBe(true)
    expect(await stated(made)).toMatchObject({ story: 'Đã kể.', address: '5 Nguyễn Trãi' })
    for (const empty of [{}, { place: ' \u200b' }, { story: 'Kể khác.' }])
      expect(await act(made, 'add_facts', { facts: empty })).toEqual(err('facts_missing'))
    expect(await act(made, 'add_facts', { facts: { phoneNumber1: '12', serialNumber: '📱' } })).toEqual(
      err({
        faults: {
          phoneNumber1: 'report.mobile.length',
          serialNumber: 'report.serialNumber.format',
        },
      }),
    )
    // New evidence alone is enough.
    expect((await act(made, 'add_facts', { files: [await photo(made)] })).ok).toBe(true)
  })

  it('are for the secret alone, and only until police have decided', async () => {
    const made = await makeBlockingCase({ particulars: BARE })
    const facts = { story: 'Muộn.' }
    expect(await act(made, 'add_facts', { facts })).toEqual(err('wrong_state'))
    const open = await makeCase({ particulars: BARE })
    const key = await findKeyForCitizen(mine(open), open.id)
    if (!key) throw new Error('no key')
    const input = { key, act: 'add_facts', message: '', submitKey: randomUUID(), kind: 'box' } as const
    const status = citizenScope(open.id, 'status')
    const move = { ...input, files: [], facts, version: await version(open) }
    expect(await actAsCitizen(status, move, NOW)).toEqual(err('forbidden'))
    expect(await missing(open, status)).toEqual([])
  })
})
