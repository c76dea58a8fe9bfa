import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { caseForCitizen } from '#features/cases/citizen/data.ts'
import { runClocks } from '#features/cases/clocks/acts.ts'
import { listStillDeciding } from '#features/cases/deciders/data.ts'
import { type DecisionInput, decideCase } from '#features/cases/decisions/acts.ts'
import { type CaseDecision, moveOf } from '#features/cases/decisions/rules.ts'
import { discloseCase } from '#features/cases/disclosure/acts.ts'
import { findCase } from '#features/cases/record/data.ts'
import { lastBoxes } from '#features/cases/remedies/last-box-rules.ts'
import { leaveResting } from '#features/cases/staffing/acts.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { lawsInForce } from '#features/lookup-tables/data.ts'
import { renderMail, renderSms } from '#features/notices/templates.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { sayLastBox } from '#messages/said-last-box.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { setStaffActive } from '#tests/factories/accounts.ts'
import {
  agreeing,
  answerConflict,
  type CaseOptions,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  openAllSides,
  openProof,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeObjection } from '#tests/factories/objection.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { decideOnObjection } from '../objections/desk-acts.ts'
import { exportObjection } from '../objections/export-acts.ts'
import { settleObjections } from '../objections/settle-acts.ts'
import { objectionForHolder, objectionForPolice } from '../objections/view-data.ts'
import { settleBlock } from './acts.ts'

const now = new Date()
const later = (hours: number) => addMilliseconds(now, hours * HOUR)
const system = { kind: 'system' } as const
const citizen = { kind: 'citizen' } as const
const contactOf = (value: string) => ({ particulars: { contact: { kind: 'email' as const, value } } })

let officer: StaffReader
let supervisor: StaffReader
let colleague: StaffReader
let approver: StaffReader
let city: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  colleague = await makeStaff('officer', { unitId: 'quan-3' })
  approver = await makeStaff('supervisor', { unitId: 'quan-3' })
  city = await makeStaff('city_police')
})

async function decide(
  by: StaffReader,
  c: MadeCase,
  decision: CaseDecision,
  more: Partial<DecisionInput> = {},
  at = now,
) {
  await openAllSides(by, c.id, at)
  const { version } = await db.case.findFirstOrThrow({ where: { id: c.id } })
  const side = await db.case.findFirst({ where: { number: more.upheld ?? c.number }, select: { id: true } })
  const check = await agreeing(side?.id ?? c.id, moveOf(decision))
  const words = { reason: 'Đã so giấy tờ.', check, submitKey: randomUUID() }
  return decideCase(by, { number: c.number, version, decision, ...words, ...more }, at)
}

/** Has an officer verify a case's proof, which begins the conflict with the case that has the claim. */
async function contest(c: MadeCase, at = now) {
  const by = await makeStaff('officer', { unitId: 'quan-3' })
  await move(c.id, by, { move: 'take' }, at)
  expect(await decide(by, c, 'accept_counterclaim', {}, at)).toMatchObject({ ok: true })
  return by
}

/** A is blocked, B and C claim the same phone; city police uphold B, and the block passes from A to B. */
async function passedBlock() {
  const imei = randomImei()
  const a = await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
  const b = await makeProvenCase({ imeis: [imei], ...contactOf('b@example.vn') })
  const c = await makeProvenCase({ imeis: [imei], ...contactOf('c@example.vn') })
  const judge = await contest(b)
  await contest(c)
  await answerConflict(imei, now)
  expect(await decide(city, a, 'uphold', { upheld: b.number })).toMatchObject({ ok: true })
  return { imei, a, b, c, judge }
}

/** Runs the jobs that the end or the approval of a block has queued. */
async function settle(at = now) {
  const { rows } = await superuser.query<{ data: { caseId: string } }>(
    "DELETE FROM pgboss.job WHERE name = 'block-settle' RETURNING data",
  )
  for (const { data } of rows) await settleBlock(data.caseId, at)
  return rows.length
}

async function told({ id }: { readonly id: string }) {
  const rows = await db.notice.findMany({ where: { caseId: id }, orderBy: { createdAt: 'asc' } })
  return rows.map(({ template }) => template)
}
const tellsOfBlock = (templates: readonly string[]) =>
  templates.filter((template) => template.startsWith('other_block'))

/** Returns the box on a case's page, as its citizen reads it at a time. */
async function boxOn({ id }: MadeCase, at: Date) {
  const view = await caseForCitizen(citizenScope(id, 'full'), id)
  if (!view) throw new Error('no such case')
  const [box] = lastBoxes(view.snapshot, view.events, lawsInForce().remedies, at)
  if (!box) return null
  const { rows } = sayLastBox('vi', { box, unit: null, place: 'page' })
  return Object.fromEntries(rows.map(({ key, words }) => [key, words]))
}

describe('a block that passed to the upheld case', () => {
  test('is told to each who lost when its time is over: once, by page, mail and SMS, with the time and the remedy', async () => {
    const { a, b, c } = await passedBlock()
    await settle()
    for (const lost of [a, c]) expect(tellsOfBlock(await told(lost))).toEqual([])
    const { holdUntil } = await db.case.findFirstOrThrow({ where: { id: b.id } })
    const end = holdUntil ?? now
    await runClocks(end)
    expect(await settle(end)).toBeGreaterThan(0)
    await settleBlock(b.id, later(400))
    for (const lost of [a, c]) expect(tellsOfBlock(await told(lost))).toEqual(['other_block_lifted'])
    expect(tellsOfBlock(await told(b))).toEqual([])
    const box = await boxOn(a, later(500))
    const moment = (at: Date) => formatInstant('vi', at, 'moment')
    expect(box?.ground).toContain(`Lúc ${moment(now)}, lệnh chặn chuyển sang hồ sơ kia`)
    expect(box?.since).toContain(`Lúc ${moment(end)}, lệnh chặn đã hết`)
    const row = await db.notice.findFirstOrThrow({
      where: { caseId: a.id, template: 'other_block_lifted' },
    })
    const key = unwrap(a.id, await db.caseKey.findUniqueOrThrow({ where: { caseId: a.id } }))
    const { params } = unseal<{ params: { number: string; until?: string } }>(
      key,
      `notice:${row.id}`,
      row.sealed ?? new Uint8Array(),
    )
    const site = { url: 'https://antam.example' }
    const mail = renderMail('other_block_lifted', 'vi', params, site)
    expect(mail.body).toContain(`xin xem lại một lần, đến ${moment(addMilliseconds(now, 30 * DAY))}`)
    for (const text of [mail.body, renderSms('other_block_lifted', 'vi', params, site)])
      for (const other of [b.number, 'b@example.vn', 'Quận']) expect(text).not.toContain(other)
  })

  test('is told to each who lost when two people have approved it; its end later is told as well', async () => {
    const { a, b, c, judge } = await passedBlock()
    await decide(judge, b, 'verify')
    expect(await decide(approver, b, 'approve')).toMatchObject({ ok: true })
    await settle()
    for (const lost of [a, c]) expect(tellsOfBlock(await told(lost))).toEqual(['other_block_final'])
    expect((await boxOn(a, later(1)))?.since).toContain('hai cán bộ công an đã duyệt')
    await move(b.id, system, { move: 'carriers_applied' })
    await move(b.id, citizen, { move: 'request_unblock' })
    await move(b.id, colleague, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(b.id, approver, { move: 'approve_unblock' })
    await settle(later(2))
    for (const lost of [a, c])
      expect(tellsOfBlock(await told(lost))).toEqual(['other_block_final', 'other_block_lifted'])
    expect((await boxOn(c, later(3)))?.since).toContain('lệnh chặn đã hết')
  })

  test.each(['reject', 'withdraw'])('is told when the upheld case ends: %s', async (end) => {
    const { a, b, c, judge } = await passedBlock()
    if (end === 'withdraw') {
      await move(b.id, citizen, { move: 'withdraw' })
      await move(b.id, system, { move: 'finish_withdrawal' }, later(25))
    } else {
      await move(b.id, judge, { move: 'reject', reasonCode: 'not_owner' })
      await move(b.id, approver, { move: 'lift_hold' })
    }
    await settle(later(25))
    for (const lost of [a, c]) expect(tellsOfBlock(await told(lost))).toEqual(['other_block_lifted'])
  })

  test.each(['withdrawn', 'expired'] as const)(
    'is told to who left the conflict and the block in it: %s',
    async (end) => {
      const imei = randomImei()
      const a = await makeProvenCase({ imeis: [imei] })
      await move(a.id, officer, { move: 'take' })
      await move(a.id, officer, { move: 'hold' })
      await move(a.id, supervisor, { move: 'confirm_hold' })
      if (end === 'expired') await move(a.id, officer, { move: 'request_info', reasonCode: 'proof' })
      const b = await makeProvenCase({ imeis: [imei], ...contactOf('b@example.vn') })
      const judge = await contest(b)
      if (end === 'withdrawn') await move(a.id, citizen, { move: 'withdraw' })
      const at = later(end === 'withdrawn' ? 25 : 16 * 24)
      await runClocks(at)
      expect(await stateOf(a.id)).toBe(end)
      await settle(at)
      const moment = formatInstant('vi', at, 'moment')
      // The box says that the block passed, without a name.
      expect((await boxOn(a, at))?.since).toBe(
        `Lúc ${moment}, lệnh chặn chuyển sang hồ sơ của người khác cũng nhận máy này.`,
      )
      expect(tellsOfBlock(await told(a))).toEqual([])
      await decide(judge, b, 'verify', {}, at)
      expect(await decide(approver, b, 'approve', {}, at)).toMatchObject({ ok: true })
      await settle(at)
      expect(tellsOfBlock(await told(a))).toEqual(['other_block_final_left'])
      expect((await boxOn(a, at))?.since).toContain('hai cán bộ công an đã duyệt hồ sơ kia')
      await move(b.id, system, { move: 'carriers_applied' }, at)
      await move(b.id, citizen, { move: 'request_unblock' }, at)
      await move(b.id, colleague, { move: 'verify_unblock', reasonCode: 'recovered' }, at)
      await move(b.id, approver, { move: 'approve_unblock' }, at)
      await settle(addMilliseconds(at, HOUR))
      await settleBlock(b.id, addMilliseconds(at, 2 * HOUR))
      expect(tellsOfBlock(await told(a))).toEqual(['other_block_final_left', 'other_block_lifted_left'])
      expect((await boxOn(a, at))?.since).toContain('lệnh chặn đã hết')
      const notice = await db.notice.findFirstOrThrow({
        where: { caseId: a.id, template: 'other_block_lifted_left' },
      })
      const key = unwrap(a.id, await db.caseKey.findUniqueOrThrow({ where: { caseId: a.id } }))
      const { params } = unseal<{ params: { number: string } }>(
        key,
        `notice:${notice.id}`,
        notice.sealed ?? new Uint8Array(),
      )
      const { body } = renderMail('other_block_lifted_left', 'vi', params, { url: 'https://antam.example' })
      // If the case expired, its person can still reopen it; after a withdrawal they report again.
      if (end === 'expired')
        expect(body).toContain(
          `bạn còn được mở lại hồ sơ này đến ${formatInstant('vi', addMilliseconds(at, 30 * DAY), 'moment')}`,
        )
      else expect(body).toContain('bạn có thể báo lại bằng một hồ sơ mới')
      for (const other of [b.number, 'b@example.vn']) expect(body).not.toContain(other)
    },
  )

  test('is not told to who withdrew without a block, nor where nobody was left to have it', async () => {
    const imei = randomImei()
    const a = await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
    const b = await makeProvenCase({ imeis: [imei], ...contactOf('b@example.vn') })
    await contest(b)
    await move(b.id, citizen, { move: 'withdraw' })
    await runClocks(later(25))
    await move(a.id, system, { move: 'carriers_applied' }, later(26))
    await move(a.id, citizen, { move: 'request_unblock' }, later(26))
    await move(a.id, colleague, { move: 'verify_unblock', reasonCode: 'recovered' }, later(26))
    await move(a.id, approver, { move: 'approve_unblock' }, later(26))
    await settle(later(26))
    expect(tellsOfBlock(await told(b))).toEqual([])
    expect(await boxOn(b, later(27))).not.toHaveProperty('since')
  })

  test('is not told to who was never in the conflict, nor to a loser whose appeal gave them a block of their own', async () => {
    const { imei, a, b, c, judge } = await passedBlock()
    const stranger = await makeProvenCase({ imeis: [imei], ...contactOf('d@example.vn') })
    await decide(judge, b, 'verify')
    await decide(approver, b, 'approve')
    await settle()
    expect(tellsOfBlock(await told(stranger))).toEqual([])
    // C wins its appeal and the block passes on; for A, who lost to B, nothing has changed, so A is told nothing.
    await move(c.id, citizen, { move: 'appeal', text: 'Máy của tôi.' })
    await contest(c)
    await answerConflict(imei, now)
    expect(await decide(await makeStaff('city_police'), c, 'uphold', { upheld: c.number })).toMatchObject({
      ok: true,
    })
    await settle()
    expect(tellsOfBlock(await told(a))).toEqual(['other_block_final'])
    const { holdUntil } = await db.case.findFirstOrThrow({ where: { id: c.id } })
    await runClocks(holdUntil ?? now)
    await settle(holdUntil ?? now)
    expect(tellsOfBlock(await told(c))).toEqual(['other_block_final'])
    expect(tellsOfBlock(await told(b))).toEqual(['other_block_lifted'])
    expect(tellsOfBlock(await told(a))).toEqual(['other_block_final', 'other_block_lifted'])
  })
})

test('a claim without proof is told once that another was found good, though that is upheld and approved', async () => {
  const imei = randomImei()
  await makeBlockingCase({ imeis: [imei] }, { officer, supervisor })
  const b = await makeProvenCase({ imeis: [imei], ...contactOf('b@example.vn') })
  const unproven = await makeCase({ imeis: [imei], ...contactOf('c@example.vn') })
  const judge = await contest(b)
  await answerConflict(imei, now)
  expect(await decide(city, b, 'uphold', { upheld: b.number })).toMatchObject({ ok: true })
  await decide(judge, b, 'verify')
  expect(await decide(approver, b, 'approve')).toMatchObject({ ok: true })
  expect((await told(unproven)).filter((template) => template === 'outproven')).toHaveLength(1)
})

test('a side is offered to be upheld to nobody who may not reject every case that stands against it', async () => {
  const [one, two] = [randomImei(), randomImei()]
  const a = await makeBlockingCase({ imeis: [one] }, { officer, supervisor })
  const b = await makeProvenCase({ imeis: [one, two], ...contactOf('b@example.vn') })
  // D claims only the second phone, so A's page does not show D. City police had rejected D before.
  const d = await makeProvenCase({ imeis: [two], ...contactOf('d@example.vn') })
  await move(d.id, city, { move: 'take' })
  await move(d.id, city, { move: 'reject', reasonCode: 'not_owner' })
  await move(d.id, citizen, { move: 'appeal', text: 'Máy của tôi.' })
  await contest(b)
  await contest(d)
  for (const imei of [one, two]) await answerConflict(imei, now)
  const c = await findCase(systemScope(), { id: a.id })
  if (!c) throw new Error('no such case')
  const fresh = await makeStaff('city_police')
  expect((await listStillDeciding(city, c, [], now)).upholds).toEqual([a.number])
  expect((await listStillDeciding(fresh, c, [], now)).upholds.toSorted()).toEqual(
    [a.number, b.number].toSorted(),
  )
  expect(await decide(city, a, 'uphold', { upheld: b.number })).toEqual(err('own_rejection'))
})

describe('a side with another number that nobody disputes, of another phone', () => {
  const numbersOf = async ({ id }: MadeCase) =>
    (await db.caseImei.findMany({ where: { caseId: id }, orderBy: { ordinal: 'asc' } })).map(
      ({ imei, isPublic, primaryClaim }) => ({ imei, isPublic, primaryClaim }),
    )
  const linesOf = async (imei: string) =>
    (await db.bookEntry.findMany({ where: { imei }, orderBy: { seq: 'asc' } })).map(({ action }) => action)
  async function contested(own: readonly string[], disputed: string, isBlocked: boolean) {
    const loser = isBlocked
      ? await makeBlockingCase({ imeis: own }, { officer, supervisor })
      : await makeProvenCase({ imeis: own })
    if (isBlocked) await move(loser.id, system, { move: 'carriers_applied' })
    else {
      await move(loser.id, officer, { move: 'take' })
      await move(loser.id, officer, { move: 'hold' })
    }
    const winner = await makeProvenCase({ imeis: [disputed], ...contactOf('b@example.vn') })
    const judge = await contest(winner)
    await answerConflict(disputed, now)
    return { loser, winner, judge }
  }

  /** City police uphold a side and find that the other side's remaining number is another phone. */
  const upholdBeside = (winner: MadeCase, { number }: MadeCase) =>
    decide(city, winner, 'uphold', { upheld: winner.number, otherPhone: [number] })

  test('loses the disputed number alone and goes on: it can be blocked by what is left', async () => {
    const [one, two] = [randomImei(), randomImei()]
    const { loser, winner, judge } = await contested([one, two], one, false)
    expect(await upholdBeside(winner, loser)).toMatchObject({ ok: true })
    expect(await db.case.findFirstOrThrow({ where: { id: loser.id } })).toMatchObject({
      state: 'under_review',
      held: null,
      hearingUntil: null,
    })
    expect(await numbersOf(loser)).toEqual([{ imei: two, isPublic: false, primaryClaim: true }])
    expect(await numbersOf(winner)).toEqual([{ imei: one, isPublic: false, primaryClaim: true }])
    expect(await told(loser)).toContain('overruled_in_part')
    expect(await told(loser)).not.toContain('overruled')
    const view = await caseForCitizen(citizenScope(loser.id, 'full'), loser.id)
    expect(view?.events[0]).toMatchObject({ move: 'overruled_in_part', message: 'Đã so giấy tờ.' })
    await decide(officer, loser, 'verify')
    expect(await decide(approver, loser, 'approve')).toMatchObject({ ok: true })
    await decide(judge, winner, 'verify')
    expect(await decide(approver, winner, 'approve')).toMatchObject({ ok: true })
    expect(new Set(await linesOf(one))).toEqual(new Set(['block']))
    expect(new Set(await linesOf(two))).toEqual(new Set(['block']))
  })

  test('keeps its block on what is left, and the block of the disputed number passes', async () => {
    const [one, two] = [randomImei(), randomImei()]
    const { loser, winner } = await contested([one, two], one, true)
    expect(await upholdBeside(winner, loser)).toMatchObject({ ok: true })
    expect(await stateOf(loser.id)).toBe('blocked')
    expect(await numbersOf(loser)).toEqual([{ imei: two, isPublic: true, primaryClaim: true }])
    expect(await numbersOf(winner)).toEqual([{ imei: one, isPublic: true, primaryClaim: true }])
    for (const imei of [one, two]) expect(await linesOf(imei)).not.toContain('unblock')
    const { holdUntil } = await db.case.findFirstOrThrow({ where: { id: winner.id } })
    await runClocks(holdUntil ?? now)
    expect((await linesOf(one)).filter((action) => action === 'unblock')).toHaveLength(5)
    expect(await linesOf(two)).not.toContain('unblock')
    // The remaining number is unblocked as usual; the number that left is not mentioned.
    await move(loser.id, citizen, { move: 'request_unblock' })
    await move(loser.id, officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(loser.id, supervisor, { move: 'approve_unblock' })
    expect((await linesOf(two)).filter((action) => action === 'unblock')).toHaveLength(5)
    expect((await linesOf(one)).filter((action) => action === 'unblock')).toHaveLength(5)
  })

  test('has the claim on what is left where it had it not before, and nobody has', async () => {
    const [one, two] = [randomImei(), randomImei()]
    // An unproven report had claimed the second number first, and was withdrawn.
    const early = await makeCase({ imeis: [two], ...contactOf('c@example.vn') })
    const { loser, winner } = await contested([one, two], one, false)
    await move(early.id, citizen, { move: 'withdraw' })
    await move(early.id, system, { move: 'finish_withdrawal' }, later(25))
    await db.caseImei.updateMany({ where: { caseId: loser.id }, data: { primaryClaim: false } })
    expect(await upholdBeside(winner, loser)).toMatchObject({ ok: true })
    expect(await numbersOf(loser)).toEqual([{ imei: two, isPublic: false, primaryClaim: true }])
  })

  test('is rejected whole where somebody disputes the other number too', async () => {
    const [one, two] = [randomImei(), randomImei()]
    const { loser, winner } = await contested([one, two], one, false)
    await contest(await makeProvenCase({ imeis: [two], ...contactOf('c@example.vn') }))
    await answerConflict(two, now)
    expect(await upholdBeside(winner, loser)).toMatchObject({ ok: true })
    expect(await stateOf(loser.id)).toBe('rejected')
    expect(await told(loser)).toContain('overruled')
  })

  test.each([false, true])(
    'loses both where nobody found them to be two phones, blocked: %s',
    async (isBlocked) => {
      const [one, two] = [randomImei(), randomImei()]
      const { loser, winner } = await contested([one, two], one, isBlocked)
      expect(await decide(city, winner, 'uphold', { upheld: winner.number })).toMatchObject({ ok: true })
      expect(await stateOf(loser.id)).toBe('rejected')
      // Police need not reject it: no number of the same device stays with the loser.
      expect((await numbersOf(loser)).some((number) => number.primaryClaim || number.isPublic)).toBe(false)
      expect((await linesOf(two)).filter((action) => action === 'unblock')).toHaveLength(isBlocked ? 5 : 0)
      expect(await linesOf(one)).not.toContain('unblock')
      expect((await boxOn(loser, later(1)))?.own).toContain('Một lần')
    },
  )
})

describe('a holder whose objection was refused', () => {
  async function refused() {
    const made = await makeBlockingCase({}, { officer, supervisor })
    const objection = await makeObjection(made.imeis[0] ?? '')
    await openProof(colleague, [made.id, objection.id])
    const { version } = await db.objection.findFirstOrThrow({ where: { id: objection.id } })
    const words = { reasonCode: 'not_yours', reason: 'Giấy tờ của người khác.', submitKey: randomUUID() }
    const input = { number: objection.number, version, decision: 'refuse', ...words } as const
    expect(await decideOnObjection(colleague, input, now)).toMatchObject({ ok: true })
    return { made, objection }
  }

  test('has the decision with every way that is open in their export, and not where the phone was reported', async () => {
    const { objection } = await refused()
    const taken = await exportObjection(citizenScope(objection.id, 'full'), objection.id, later(1))
    expect(taken?.decisions).toMatchObject([
      {
        box: {
          act: 'objection_refused',
          at: now,
          ground: 'not_yours',
          own: { kind: 'renewal', until: addMilliseconds(now, 30 * DAY) },
          complaintUntil: expect.any(Date),
          courtUntil: expect.any(Date),
        },
        unit: 'withheld',
      },
    ])
    expect(JSON.stringify(taken)).not.toContain('quan-3')
  })

  test('is told when the block ends all the same, and has nothing left to ask for', async () => {
    const { made, objection } = await refused()
    await move(made.id, system, { move: 'carriers_applied' })
    await move(made.id, citizen, { move: 'request_unblock' })
    await move(made.id, officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(made.id, supervisor, { move: 'approve_unblock' })
    await settle(later(1))
    await settleBlock(made.id, later(2))
    expect(await told(objection)).toEqual(expect.arrayContaining(['objection_block_over']))
    expect((await told(objection)).filter((one) => one === 'objection_block_over')).toHaveLength(1)
    const view = await objectionForHolder(citizenScope(objection.id, 'full'), objection.id)
    expect(view?.snapshot.state).toBe('lifted')
    expect(view?.events[0]).toMatchObject({ move: 'block_over', at: later(1) })
  })

  test('can still have it looked at where the block passed to another case', async () => {
    const { made, objection } = await refused()
    const winner = await makeProvenCase({ imeis: made.imeis, ...contactOf('b@example.vn') })
    await contest(winner)
    await answerConflict(made.imeis[0] ?? '', now)
    expect(await decide(city, made, 'uphold', { upheld: winner.number })).toMatchObject({ ok: true })
    expect(await stateOf(made.id)).toBe('rejected')
    await settle()
    expect(await db.objection.findFirstOrThrow({ where: { id: objection.id } })).toMatchObject({
      state: 'refused',
      againstId: winner.id,
    })
    expect(await told(objection)).not.toContain('objection_block_over')
  })
})

describe('a conflict, whoever a side is', () => {
  const one = (c: MadeCase) => db.case.findFirstOrThrow({ where: { id: c.id } })
  async function disputed(options: CaseOptions = contactOf('b@example.vn'), at = now) {
    const imei = randomImei()
    const a = await makeBlockingCase({ imeis: [imei], now: at }, { officer, supervisor })
    await move(a.id, system, { move: 'carriers_applied' }, at)
    const b = await makeProvenCase({ imeis: [imei], now: at, ...options })
    await contest(b, at)
    return { imei, a, b }
  }
  const answer = (c: MadeCase, at = now) =>
    move(c.id, citizen, { move: 'answer_conflict', text: 'Tôi mua máy này.' }, at)

  test('with thirty files is decided by who opened all of them, also those that came while they read', async () => {
    const { imei, a, b } = await disputed()
    for (let n = 0; n < 29; n++) await makeProof(b.id)
    await answerConflict(imei, now)
    const open = () => {
      const reason = 'ownership' as const
      return discloseCase(city, { number: a.number, submitKey: randomUUID(), reason, note: '' }, now)
    }
    expect(await open()).toMatchObject({ ok: true })
    expect(await listEvidence(staffScope(city) ?? systemScope(), b.id, true)).toHaveLength(30)
    const uphold = async () => {
      const { version } = await one(a)
      const check = await agreeing(b.id, 'upheld')
      const words = { reason: 'Đã so giấy tờ.', check, submitKey: randomUUID() }
      return decideCase(
        city,
        { number: a.number, version, decision: 'uphold', upheld: b.number, ...words },
        now,
      )
    }
    await makeProof(b.id)
    expect(await uphold()).toEqual(err('proof_unseen'))
    await open()
    expect(await uphold()).toMatchObject({ ok: true })
  })

  test('whom no message reaches has the same days, and their refusal waits to be served on paper', async () => {
    const { a, b } = await disputed({ particulars: { contact: null } })
    const { hearingUntil: until } = await one(b)
    expect(until).toEqual((await one(a)).hearingUntil)
    expect(await told(b)).toEqual([])
    await answer(a)
    expect(await decide(city, b, 'uphold', { upheld: a.number })).toEqual(err('hearing_runs'))
    // A statement at the desk is recorded, but does not end their time.
    await move(b.id, supervisor, { move: 'answer_conflict', text: 'Máy tôi mua năm ngoái.' })
    expect(await decide(city, b, 'uphold', { upheld: a.number })).toEqual(err('hearing_runs'))
    expect(await decide(city, b, 'uphold', { upheld: a.number }, until ?? now)).toMatchObject({ ok: true })
    const after = await one(b)
    expect(after).toMatchObject({ state: 'rejected', unheardSeq: after.version, heardAt: null })
  })

  test('whose mailbox takes nothing keeps their days: a failed message shortens no hearing and ends no conflict', async () => {
    const { a, b } = await disputed()
    await db.notice.updateMany({ where: { caseId: b.id }, data: { state: 'failed' } })
    await answer(a)
    expect(await decide(city, a, 'uphold', { upheld: a.number })).toEqual(err('hearing_runs'))
    const { hearingUntil: until } = await one(b)
    expect(await decide(city, a, 'uphold', { upheld: a.number }, until ?? now)).toMatchObject({ ok: true })
    expect(await told(b)).toContain('overruled')
  })

  test('is not erased while it runs; who was erased after it is told nothing more, and the others are', async () => {
    const { a, b } = await disputed()
    await expect(move(b.id, await makeStaff('city_police'), { move: 'propose_erasure' })).rejects.toThrow(
      'wrong_state',
    )
    expect((await one(a)).held).toBe('conflict')
    const { a: first, b: winner, c: second } = await passedBlock()
    await db.case.update({ where: { id: first.id }, data: { erasedAt: now } })
    const { holdUntil } = await one(winner)
    await runClocks(holdUntil ?? now)
    await settle(holdUntil ?? now)
    expect(tellsOfBlock(await told(first))).toEqual([])
    expect(tellsOfBlock(await told(second))).toEqual(['other_block_lifted'])
  })

  test('is heard over Tết: no holiday is one of their days, and the block stands all the while', async () => {
    const eve = new Date('2027-02-03T02:00:00Z')
    const { imei, a, b } = await disputed(contactOf('b@example.vn'), eve)
    // Thursday 11, Friday 12 and Monday 15 February; the decision three days later.
    const until = new Date('2027-02-15T10:00:00Z')
    for (const side of [a, b])
      expect(await one(side)).toMatchObject({ hearingUntil: until, dueAt: new Date('2027-02-18T10:00:00Z') })
    const during = new Date('2027-02-15T09:59:00Z')
    // Nothing is decided while the log waits for its seal, and by the database's clock that Tết may be over.
    await sealLog()
    expect(await decide(city, a, 'uphold', { upheld: b.number }, during)).toEqual(err('hearing_runs'))
    await runClocks(during)
    expect((await db.bookEntry.findMany({ where: { imei } })).every(({ action }) => action === 'block')).toBe(
      true,
    )
    await sealLog()
    expect(await decide(city, a, 'uphold', { upheld: b.number }, until)).toMatchObject({ ok: true })
  })

  test('goes on when the last person of its unit leaves: city police hear and decide it as before', async () => {
    const { a, b } = await disputed()
    const { hearingUntil: until } = await one(b)
    const [admin] = [await makeStaff('admin'), await makeStaff('auditor')]
    const people = await db.staffAccount.findMany({ where: { unitId: 'quan-3', active: true } })
    for (const { id } of people) {
      expect(await setStaffActive(admin, id, false, now)).toMatchObject({ ok: true })
      await leaveResting(id, now)
    }
    expect(await one(b)).toMatchObject({ held: 'conflict', hearingUntil: until })
    await answer(a)
    await answer(b)
    const c = await findCase(systemScope(), { id: a.id })
    if (!c) throw new Error('no such case')
    expect((await listStillDeciding(city, c, [], now)).upholds.toSorted()).toEqual(
      [a.number, b.number].toSorted(),
    )
    expect(await decide(city, a, 'uphold', { upheld: b.number })).toMatchObject({ ok: true })
    expect(await stateOf(a.id)).toBe('rejected')
  })

  test('who holds the phone and also claims it is heard in both, and police see that it is one person', async () => {
    const person = {
      contact: { kind: 'email' as const, value: 'binh@example.vn' },
      nationalId: '079191054321',
    }
    const { imei, a, b } = await disputed({ particulars: person })
    const objection = await makeObjection(imei, { email: 'binh@example.vn', nationalId: '079191054321' })
    await answerConflict(imei, now)
    expect(await told(a)).toEqual(expect.arrayContaining(['contested', 'objected']))
    expect(await decide(city, a, 'uphold', { upheld: b.number })).toMatchObject({ ok: true })
    await settleObjections({ caseId: a.id, granted: false, blockTo: b.id }, now)
    expect(await db.objection.findFirstOrThrow({ where: { id: objection.id } })).toMatchObject({
      state: 'open',
      againstId: b.id,
    })
    const view = await objectionForPolice(await makeStaff('city_police'), objection.number, now)
    expect(view?.flags).toMatchObject({ samePerson: true })
  })
})
