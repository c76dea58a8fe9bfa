import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { ok } from '#lib/result.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  type Police,
  randomImei,
  stateOf,
  unblock,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { CASE_STATES, type CaseState, stateOf as stateRule } from '../record/state-rules.ts'

// Plain SQL with the application's own rights and access to every row: what an attacker with its connection could try.

let police: Police
let target: MadeCase
beforeEach(async () => {
  police = await makePolice()
  target = await makeProvenCase()
})

const BY_TWO = /takes two people/
const BY_MOVE = /takes a move of the case/
const run = (...statements: readonly string[]) =>
  db.$transaction(async (tx) => {
    for (const statement of statements) await tx.$executeRawUnsafe(statement)
  })
const order = (caseId: string, id: string, action = 'block') =>
  `INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at)
   VALUES ('${id}', '${caseId}', 'viettel', '${action}', '${action === 'block' ? 'stolen' : 'wrong'}', '', 'sent', now(), now())`
const line = (orderId: string, imei: string, action = 'block') =>
  `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
   SELECT 'viettel', 1 + coalesce(max(seq), 0), '${orderId}', '${imei}', '${action}',
     '${action === 'block' ? 'stolen' : 'wrong'}', '', now()
   FROM book_entries WHERE carrier_id = 'viettel'`
const state = (caseId: string, to: string) =>
  `UPDATE cases SET state = '${to}', approved_at = now(), version = version + 1 WHERE id = '${caseId}'`
/** Returns a statement that writes the event of a move in somebody's name. */
const event = (caseId: string, name: string, by: StaffActor, from?: CaseState) =>
  `INSERT INTO case_events (case_id, seq, at, move, "from", "to", actor_kind, actor_id, visible)
   SELECT id, version, now(), '${name}', ${from ? `'${from}'` : 'NULL'}, state, 'staff', '${by.id}', false
   FROM cases WHERE id = '${caseId}'`
/** Returns statements that write a decision in somebody's name, with the check that goes with it. */
const forged = (caseId: string, name: string, by: StaffActor, from?: CaseState) => [
  event(caseId, name, by, from),
  `INSERT INTO proof_checks (case_id, seq, move, account_id, opened_at, decided_at, imei, name, device)
   SELECT id, version, '${name}', '${by.id}', now(), now(), 'yes', 'none', 'unknown' FROM cases WHERE id = '${caseId}'`,
]

describe('a block', () => {
  test.each(['blocking', 'blocked'])('is not begun by a change of the state to %s alone', async (to) => {
    await expect(run(state(target.id, to))).rejects.toThrow(BY_TWO)
    expect(await stateOf(target.id)).toBe('submitted')
    await superuser.query(state(target.id, 'verified'))
    await expect(run(state(target.id, to))).rejects.toThrow(BY_TWO)
  })

  test('is not begun by one person who writes both decisions', async () => {
    const { officer } = police
    await move(target.id, officer, { move: 'take' })
    await expect(
      run(
        ...[state(target.id, 'verified'), ...forged(target.id, 'verify', officer, 'under_review')],
        ...[state(target.id, 'blocking'), ...forged(target.id, 'approve', officer, 'verified')],
      ),
    ).rejects.toThrow(BY_TWO)
  })

  test('is not begun by the verification of one, whatever the other is said to be', async () => {
    await move(target.id, police.officer, { move: 'take' })
    await move(target.id, police.officer, { move: 'verify' })
    await expect(run(state(target.id, 'blocking'))).rejects.toThrow(BY_TWO)
    const own = [state(target.id, 'blocking'), ...forged(target.id, 'approve', police.officer)]
    await expect(run(...own)).rejects.toThrow(BY_TWO)
  })

  test('that two once agreed on is not begun again by old checks', async () => {
    const made = await makeBlockingCase({}, police)
    const { version } = await db.case.findUniqueOrThrow({ where: { id: made.id }, select: { version: true } })
    await unblock(made)
    await expect(run(state(made.id, 'blocking'))).rejects.toThrow(BY_TWO)
    await superuser.query(`UPDATE cases SET state = 'verified' WHERE id = $1`, [made.id])
    const again = `UPDATE cases SET state = 'blocking', version = ${version} WHERE id = '${made.id}'`
    await expect(run(again)).rejects.toThrow(BY_TWO)
  })

  test('does not come with a new case', async () => {
    const { rows } = await superuser.query<{ name: string }>(
      `SELECT quote_ident(attname) AS name FROM pg_attribute
       WHERE attrelid = 'cases'::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped`,
    )
    const [columns, id] = [rows.map(({ name }) => name).join(', '), randomUUID()]
    const copied = (to: string) => [
      `INSERT INTO case_keys SELECT '${id}', wrapped, wrap_key_version, created_at FROM case_keys WHERE case_id = '${target.id}'`,
      `INSERT INTO cases (${columns}) SELECT ${columns} FROM (SELECT (jsonb_populate_record(c,
        jsonb_build_object('id', '${id}', 'number', 'X-1', 'state', '${to}'))).* FROM cases c WHERE id = '${target.id}') one`,
    ]
    await expect(run(...copied('blocking'))).rejects.toThrow(BY_TWO)
    // The same rows are accepted if they block nothing.
    await run(...copied('submitted'))
    expect(await stateOf(id)).toBe('submitted')
  })
})

describe('a temporary block', () => {
  const renewed = (by: string, until = "interval '2 days'") =>
    `UPDATE cases SET version = version + 1, hold_until = hold_until + ${until},
      renewal_asked_by_id = '${police.officer.id}', renewal_confirmed_by_id = '${by}' WHERE id = '${target.id}'`
  const longer = () =>
    `UPDATE cases SET hold_until = hold_until + interval '1 hour', version = version + 1 WHERE id = '${target.id}'`

  test('lasts no longer by one person, in whatever way they write it', async () => {
    const { officer, supervisor } = police
    await move(target.id, officer, { move: 'hold' })
    await move(target.id, supervisor, { move: 'confirm_hold' })
    await expect(run(longer())).rejects.toThrow(BY_TWO)
    await expect(run(longer(), ...forged(target.id, 'confirm_renewal', supervisor))).rejects.toThrow(BY_TWO)
    await expect(
      run(renewed(supervisor.id), ...forged(target.id, 'confirm_renewal', supervisor)),
    ).rejects.toThrow(BY_TWO)
    await move(target.id, officer, { move: 'renew_hold' })
    await expect(run(renewed(officer.id))).rejects.toThrow(/a_renewal_needs_two/)
    await expect(run(renewed(supervisor.id))).rejects.toThrow(BY_TWO)
    await expect(
      run(renewed(supervisor.id, "interval '11 days'"), ...forged(target.id, 'confirm_renewal', supervisor)),
    ).rejects.toThrow(BY_TWO)
    // What two people did is accepted, once.
    await move(target.id, supervisor, { move: 'confirm_renewal' })
    await expect(run(longer(), ...forged(target.id, 'confirm_renewal', supervisor))).rejects.toThrow(BY_TWO)
    await expect(
      run(renewed(supervisor.id), ...forged(target.id, 'confirm_renewal', supervisor)),
    ).rejects.toThrow(BY_TWO)
  })
})

describe('a line in a book', () => {
  test('is not written for a case that nobody has decided', async () => {
    const id = randomUUID()
    await expect(run(order(target.id, id), line(id, target.imeis[0] ?? ''))).rejects.toThrow(BY_TWO)
    expect(await db.bookEntry.count({ where: { orderId: id } })).toBe(0)
  })

  test('is not written on the strength of one person', async () => {
    await move(target.id, police.officer, { move: 'hold' })
    const id = randomUUID()
    const held = `UPDATE cases SET hold_until = now() + interval '1 day', hold_confirmed_by_id = '${police.supervisor.id}'
      WHERE id = '${target.id}'`
    await expect(run(held, order(target.id, id), line(id, target.imeis[0] ?? ''))).rejects.toThrow(BY_TWO)
  })

  test('blocks no number that the two have not found, though the case is theirs', async () => {
    const made = await makeProvenCase({ imeis: [randomImei(), randomImei()] })
    const check = {
      checkImei1: 'yes',
      checkImei2: 'not_visible',
      checkName: 'yes',
      checkDevice: 'yes',
    } as const
    await move(made.id, police.officer, { move: 'take' })
    await move(made.id, police.officer, { move: 'verify', check })
    await move(made.id, police.supervisor, { move: 'approve', check })
    const id = randomUUID()
    await expect(run(order(made.id, id), line(id, made.imeis[1] ?? ''))).rejects.toThrow(BY_TWO)
  })

  test('blocks nothing for a case whose block is over', async () => {
    const made = await makeBlockingCase({}, police)
    await unblock(made)
    const id = randomUUID()
    await expect(run(order(made.id, id), line(id, made.imeis[0] ?? ''))).rejects.toThrow(BY_TWO)
  })

  test('lifts nothing that its case has not blocked', async () => {
    const id = randomUUID()
    const lift = [order(target.id, id, 'unblock'), line(id, target.imeis[0] ?? '', 'unblock')]
    await expect(run(...lift)).rejects.toThrow(BY_TWO)
  })
})

const mark = (caseId: string, isPublic = true) =>
  `UPDATE case_imeis SET is_public = ${isPublic} WHERE case_id = '${caseId}'`

test('a phone is not named as reported by a mark alone, nor for a case whose block is over', async () => {
  await expect(run(mark(target.id))).rejects.toThrow(BY_TWO)
  const over = await makeBlockingCase({}, police)
  await unblock(over)
  await expect(run(mark(over.id))).rejects.toThrow(BY_TWO)
})

describe('a block that passes to another case', () => {
  test('stands on the case that it came from, and on no other with the same number', async () => {
    const imei = randomImei()
    const over = await makeBlockingCase({ imeis: [imei] }, police)
    await unblock(over)
    const { id } = await makeProvenCase({ imeis: [imei] })
    const orderId = randomUUID()
    const blocks = [order(id, orderId), line(orderId, imei)]
    const held = `UPDATE cases SET hold_until = now() + interval '1 day', block_from_id = '${over.id}' WHERE id = '${id}'`
    const stood = `UPDATE case_imeis SET agreed_in_id = '${over.id}' WHERE case_id = '${id}'`
    await expect(run(held, ...blocks)).rejects.toThrow(BY_TWO)
    await expect(run(held, mark(id))).rejects.toThrow(BY_TWO)
    await expect(run(held, stood, ...blocks)).rejects.toThrow(BY_TWO)
    const borrowed = [mark(over.id), mark(id), mark(over.id, false)]
    await expect(run(held, ...borrowed, ...blocks)).rejects.toThrow(BY_TWO)
  })

  test('is lifted by a decision of its own case alone, and stands for each number on the case that had it', async () => {
    const imeis = [randomImei(), randomImei()]
    const city = await makeStaff('city_police')
    const from: MadeCase[] = []
    for (const imei of imeis) from.push(await makeBlockingCase({ imeis: [imei] }, police))
    const to = await makeProvenCase({ imeis })
    await move(to.id, city, { move: 'keep_block', blockFrom: from.map(({ id }) => id) })
    for (const [n, imei] of imeis.entries()) {
      const lifts = (caseId: string, id = randomUUID()) =>
        run(order(caseId, id, 'unblock'), line(id, imei, 'unblock'))
      const id = randomUUID()
      await run(order(to.id, id), line(id, imei))
      await expect(lifts(from[n]?.id ?? '')).rejects.toThrow(BY_TWO)
      await lifts(to.id)
    }
  })
})

describe('an unblock', () => {
  test('is not begun by a change of the state, nor by one person', async () => {
    const made = await makeBlockingCase({}, police)
    for (const to of ['unblocking', 'unblocked'])
      await expect(run(state(made.id, to))).rejects.toThrow(BY_TWO)
    await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' })
    await move(made.id, police.officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await expect(run(state(made.id, 'unblocking'))).rejects.toThrow(BY_TWO)
    const own = [state(made.id, 'unblocking'), ...forged(made.id, 'approve_unblock', police.officer)]
    await expect(run(...own)).rejects.toThrow(BY_TWO)
    expect(await stateOf(made.id)).toBe('unblock_review')
  })

  test('does not rest on a finding that was refused or has fallen', async () => {
    const made = await makeBlockingCase({}, police)
    const other = await makeStaff('supervisor', { unitId: 'quan-3' })
    const approved = () => [state(made.id, 'unblocking'), ...forged(made.id, 'approve_unblock', other)]
    await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' })
    await move(made.id, police.officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(made.id, other, { move: 'refuse_unblock', reasonCode: 'other' })
    await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' })
    await expect(run(...approved())).rejects.toThrow(BY_TWO)
    // The objection that was found right ends while another waits: the request of the reporter is decided anew.
    const system = { kind: 'system' } as const
    for (const ended of ['finding_over', 'objection_over'] as const) {
      await move(made.id, system, { move: 'objected' })
      await move(made.id, { kind: 'citizen' }, { move: 'answer_objection', text: 'Máy là của tôi.' })
      await move(made.id, await makeStaff('officer', { unitId: 'quan-3' }), { move: 'uphold_objection' })
      await move(made.id, system, { move: ended })
      expect(await stateOf(made.id)).toBe('unblock_review')
      await expect(run(...approved())).rejects.toThrow(BY_TWO)
    }
    await move(made.id, police.officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(made.id, other, { move: 'approve_unblock' })
    expect(await stateOf(made.id)).toBe('unblocking')
  })
})

describe('a state', () => {
  test('of a case with a block changes by no statement alone, and no version comes again', async () => {
    const made = await makeBlockingCase({}, police)
    await move(made.id, { kind: 'system' }, { move: 'carriers_applied' })
    const others = CASE_STATES.filter((one) => one !== 'blocked' && stateRule(one).block !== 'in_force')
    for (const to of others)
      await expect(run(state(made.id, to)), to).rejects.toThrow(/takes (two people|a move)/)
    for (const to of ['rejected', 'withdrawn', 'expired', 'under_review'])
      await expect(run(state(made.id, to)), to).rejects.toThrow(BY_MOVE)
    await expect(run(`UPDATE cases SET version = version - 1 WHERE id = '${made.id}'`)).rejects.toThrow(
      BY_MOVE,
    )
    expect(await stateOf(made.id)).toBe('blocked')
  })

  test('changes with no event of a move that does not lead there, nor with an earlier event', async () => {
    const made = await makeBlockingCase({}, police)
    const { officer } = police
    const rejected = state(made.id, 'rejected')
    await expect(run(rejected, event(made.id, 'reject', officer, 'blocking'))).rejects.toThrow(BY_MOVE)
    await expect(run(rejected, event(made.id, 'overruled', officer, 'blocked'))).rejects.toThrow(BY_MOVE)
    await expect(run(rejected, event(made.id, 'send_back', officer, 'verified'))).rejects.toThrow(BY_MOVE)
    await move(target.id, officer, { move: 'take' })
    await move(target.id, officer, { move: 'release' })
    const taken = `UPDATE cases SET state = 'under_review', version = 2 WHERE id = '${target.id}'`
    await expect(run(taken)).rejects.toThrow(BY_MOVE)
  })
})

test('a blocked number keeps its public mark, whether its row is changed or removed', async () => {
  const made = await makeBlockingCase({}, police)
  await expect(run(mark(made.id, false))).rejects.toThrow(BY_MOVE)
  await move(made.id, { kind: 'system' }, { move: 'carriers_applied' })
  await expect(run(mark(made.id, false))).rejects.toThrow(BY_MOVE)
  await expect(run(`DELETE FROM case_imeis WHERE case_id = '${made.id}'`)).rejects.toThrow(BY_MOVE)
  await expect(
    run(`UPDATE case_imeis SET key14 = '35678910000001' WHERE case_id = '${made.id}'`),
  ).rejects.toThrow()
  expect(await db.caseImei.count({ where: { caseId: made.id, isPublic: true } })).toBe(1)
})

test('nobody puts off the look at the end, nor changes what was found', async () => {
  const deferred = ['SET CONSTRAINTS ALL DEFERRED', state(target.id, 'blocking')]
  await expect(run(...deferred)).rejects.toThrow(BY_TWO)
  const made = await makeBlockingCase({}, police)
  const found = db.proofCheckImei.updateMany({ where: { caseId: made.id }, data: { answer: 'no' } })
  await expect(found).rejects.toThrow(/permission denied/)
  await expect(db.proofCheckImei.deleteMany({ where: { caseId: made.id } })).rejects.toThrow(
    /permission denied/,
  )
})

test('no scope that the application declares hides a check from the rule', async () => {
  const city = await makeStaff('city_police')
  await move(target.id, police.officer, { move: 'take' })
  await move(target.id, police.officer, { move: 'verify' })
  await move(target.id, city, { move: 'approve' })
  expect(await stateOf(target.id)).toBe('blocking')
  await superuser.query(state(target.id, 'verified'))
  const unscoped = runInTransaction(async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL antam.scope = 'system'`)
    await tx.$executeRawUnsafe(state(target.id, 'blocking'))
    await tx.$executeRawUnsafe(`SET LOCAL antam.scope = ''`)
    return ok(null)
  })
  await expect(unscoped).rejects.toThrow(BY_TWO)
})
