import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  answerConflict,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { type DecisionInput, decideCase } from '../decisions/acts.ts'
import type { CaseDecision } from '../decisions/rules.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { reasonAtHand } from '../disclosure/rules.ts'
import { readCaseFile } from '../file/page-data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { countQuickDecisions } from './data.ts'
import type { GivenCheck } from './rules.ts'

const now = new Date()
const done = ok(true)
const unseen = err('proof_unseen')

let officer: StaffReader
let supervisor: StaffReader
let made: MadeCase
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  made = await makeProvenCase()
})

const open = async (reader: StaffReader, { number }: MadeCase = made, at = now) => {
  const input = { number, submitKey: randomUUID(), reason: 'ownership', note: '' } as const
  expect(await discloseCase(reader, input, at)).toEqual(done)
}
/** Posts one decision on a case without opening its evidence. */
async function decide(
  actor: StaffActor,
  decision: CaseDecision,
  { of = made, ...more }: Partial<DecisionInput> & { readonly of?: MadeCase } = {},
) {
  const { version } = await db.case.findUniqueOrThrow({ where: { id: of.id } })
  const words = { reason: 'Đã xem.', reasonCode: 'recovered', check: AGREES, submitKey: randomUUID() }
  return decideCase(actor, { number: of.number, version, decision, ...words, ...more }, now)
}

describe('nobody decides what they have not opened', () => {
  test('verify and approve are refused until that very person has opened this case', async () => {
    const other = await makeProvenCase()
    await decide(officer, 'take')
    expect(await decide(officer, 'verify')).toEqual(unseen)
    // Another person's opening does not count for this one, nor does the opening of another case.
    await open(supervisor)
    await open(officer, other)
    expect(await decide(officer, 'verify')).toEqual(unseen)
    expect(await stateOf(made.id)).toBe('under_review')
    await open(officer)
    expect(await decide(officer, 'verify')).toEqual(done)
    const second = await makeStaff('supervisor')
    expect(await decide(second, 'approve')).toEqual(unseen)
    expect(await decide(supervisor, 'approve')).toEqual(done)
  })

  test('a temporary block needs both people’s openings', async () => {
    expect(await decide(officer, 'hold')).toEqual(unseen)
    await open(officer)
    expect(await decide(officer, 'hold')).toEqual(done)
    expect(await decide(supervisor, 'confirm_hold')).toEqual(unseen)
    await open(supervisor)
    expect(await decide(supervisor, 'confirm_hold')).toEqual(done)
  })

  test('an unblock needs them too, a returned phone’s as well, and so does lifting a temporary block', async () => {
    const police = { officer, supervisor }
    for (const asked of ['request_unblock', 'phone_returned'] as const) {
      const blocked = await makeBlockingCase({ now: addMilliseconds(now, -DAY) }, police)
      // Earlier openings count while the evidence is unchanged; here it has changed since.
      await makeProof(blocked.id)
      await move(blocked.id, asked === 'request_unblock' ? { kind: 'citizen' } : officer, { move: asked })
      expect(await decide(officer, 'verify_unblock', { of: blocked })).toEqual(unseen)
      await open(officer, blocked)
      expect(await decide(officer, 'verify_unblock', { of: blocked })).toEqual(done)
      expect(await decide(supervisor, 'approve_unblock', { of: blocked })).toEqual(unseen)
      await open(supervisor, blocked)
      expect(await decide(supervisor, 'approve_unblock', { of: blocked })).toEqual(done)
    }
    await move(made.id, officer, { move: 'hold' })
    await move(made.id, supervisor, { move: 'confirm_hold' })
    await decide(officer, 'take')
    expect(await decide(officer, 'reject', { reasonCode: 'wrong_imei' })).toEqual(done)
    const second = await makeStaff('supervisor')
    expect(await decide(second, 'approve_unblock')).toEqual(unseen)
    await open(second)
    expect(await decide(second, 'approve_unblock')).toEqual(done)
  })

  test('a conflict is begun on a proof that was opened, and settled with every side opened', async () => {
    await move(made.id, await makeStaff('officer'), { move: 'hold' })
    const rival = await makeProvenCase({ imeis: made.imeis })
    await decide(officer, 'take', { of: rival })
    expect(await decide(officer, 'accept_counterclaim', { of: rival })).toEqual(unseen)
    await open(officer, rival)
    expect(await decide(officer, 'accept_counterclaim', { of: rival })).toEqual(done)
    await answerConflict(rival.imeis[0] ?? '')
    const city = await makeStaff('city_police')
    // Opens one side only, as a person who did so before the conflict.
    await db.case.update({ where: { id: rival.id }, data: { held: null } })
    await open(city, rival)
    await db.case.update({ where: { id: rival.id }, data: { held: 'conflict' } })
    for (const { number: upheld } of [rival, made])
      expect(await decide(city, 'uphold', { of: rival, upheld })).toEqual(unseen)
    await open(city, rival)
    expect(await decide(city, 'uphold', { of: rival, upheld: rival.number })).toEqual(done)
  })

  test('without any file nothing leads to a block', async () => {
    const bare = await makeCase()
    await open(officer, bare)
    expect(await decide(officer, 'hold', { of: bare })).toEqual(err('no_proof'))
    await decide(officer, 'take', { of: bare })
    expect(await decide(officer, 'verify', { of: bare })).toEqual(err('no_proof'))
    const proven = await makeProvenCase({ imeis: bare.imeis })
    await move(proven.id, await makeStaff('officer'), { move: 'hold' })
    expect(await decide(officer, 'accept_counterclaim', { of: bare })).toEqual(err('no_proof'))
  })

  test('an opening counts in a later session, after its half hour, and no longer than the files stay', async () => {
    await decide(officer, 'take')
    await open(officer, made, addMilliseconds(now, -2 * DAY))
    const later = { ...officer, sessionId: randomUUID() }
    expect((await readCaseFile(later, made.number, now))?.seenAll).toBe(true)
    await makeProof(made.id)
    expect((await readCaseFile(later, made.number, now))?.seenAll).toBe(false)
    expect(await decide(later, 'verify')).toEqual(unseen)
    // Opened again although it is still open: with the new file the evidence is another.
    await open(officer)
    await open(officer)
    expect(await db.disclosure.count({ where: { caseId: made.id } })).toBe(2)
    expect(await decide(later, 'verify')).toEqual(done)
  })

  test.each(['added', 'removed', 'replaced'])(
    'a file that is %s since asks for another look',
    async (how) => {
      await makeProof(made.id)
      await decide(officer, 'take')
      await open(officer)
      const [file] = await db.evidence.findMany({ where: { caseId: made.id } })
      const where = { id: file?.id ?? '' }
      if (how === 'added') await makeProof(made.id)
      if (how === 'removed') await db.evidence.delete({ where })
      if (how === 'replaced') await db.evidence.update({ where, data: { sha256: Buffer.alloc(32, 7) } })
      expect(await decide(officer, 'verify')).toEqual(unseen)
      await open(officer)
      expect(await decide(officer, 'verify')).toEqual(done)
    },
  )

  test('a file that arrives in the very moment of the decision refuses it', async () => {
    await decide(officer, 'take')
    await open(officer)
    const file = await db.evidence.findFirstOrThrow({ where: { caseId: made.id } })
    await superuser.query('BEGIN')
    await superuser.query(
      `INSERT INTO evidence SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).*
       FROM evidence e WHERE id = $1`,
      [file.id],
    )
    const decided = decide(officer, 'verify')
    await expect.poll(waitingForLock).toBeGreaterThan(0)
    await superuser.query('COMMIT')
    expect(await decided).toEqual(unseen)
    expect(await stateOf(made.id)).toBe('under_review')
  })

  test('two people at once, one of whom has opened: the decision is theirs', async () => {
    const second = await makeStaff('supervisor')
    await decide(officer, 'take')
    await open(officer)
    await decide(officer, 'verify')
    await open(supervisor)
    const both = await Promise.all([decide(supervisor, 'approve'), decide(second, 'approve')])
    expect(both[0]).toEqual(done)
    expect(both[1].ok).toBe(false)
    expect(await stateOf(made.id)).toBe('blocking')
  })
})

describe('the checklist', () => {
  beforeEach(async () => {
    await decide(officer, 'take')
    await open(officer)
  })

  test.each<GivenCheck>([
    {},
    { checkImei1: 'yes', checkName: 'yes' },
    { checkName: 'yes', checkDevice: 'yes' },
  ])('is required whole: %o', async (check) => {
    expect(await decide(officer, 'verify', { check })).toEqual(err('check_missing'))
  })

  test('another IMEI on the papers verifies and blocks nothing', async () => {
    const check = { ...AGREES, checkImei1: 'no' } as const
    expect(await decide(officer, 'verify', { check })).toEqual(err('other_imei'))
    expect(await decide(officer, 'hold', { check })).toEqual(err('other_imei'))
    await decide(officer, 'verify')
    await open(supervisor)
    expect(await decide(supervisor, 'approve', { check })).toEqual(err('other_imei'))
    expect(await decide(supervisor, 'send_back')).toEqual(done)
    expect(await decide(officer, 'request_info', { reasonCode: 'imei' })).toEqual(done)
    const checks = { caseId: made.id, seq: 2, accountId: officer.id, openedAt: now, decidedAt: now }
    await expect(
      db.proofCheck.create({
        data: { ...checks, move: 'verify', imei: 'no', name: 'yes', device: 'yes' },
      }),
    ).rejects.toThrow('another_imei_blocks_nothing')
  })

  test('is kept with the decision, named in the log, and shown to the second person', async () => {
    const check = { checkImei1: 'yes', checkName: 'none', checkDevice: 'no' } as const
    expect(await decide(officer, 'verify', { check })).toEqual(done)
    expect(await db.proofCheck.findMany({ where: { caseId: made.id } })).toMatchObject([
      {
        ...{ move: 'verify', accountId: officer.id, unitId: 'quan-3', openedAt: now, decidedAt: now },
        ...{ imei: 'yes', name: 'none', device: 'no', byNumber: true },
      },
    ])
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'case.verify' } })
    expect(entry.facts).toMatchObject(check)
    const file = await readCaseFile(supervisor, made.number, now)
    const imeis = [{ key14: made.imeis[0]?.slice(0, 14), answer: 'yes' }]
    const found = { imeis, checkName: 'none', checkDevice: 'no' }
    expect(file?.checks).toEqual([{ seq: 3, move: 'verify', accountId: officer.id, check: found }])
  })

  test('nobody changes it afterwards, nor takes it out', async () => {
    await decide(officer, 'verify')
    const { proofCheck } = await import('#platform/db.ts').then(({ db: own }) => own)
    const where = { caseId: made.id }
    await expect(proofCheck.updateMany({ where, data: { name: 'no' } })).rejects.toThrow(/permission/)
    await expect(proofCheck.deleteMany({ where })).rejects.toThrow(/permission/)
  })
})

test('a phone of which nobody can read the number is neither verified nor held', async () => {
  const bare = await makeProvenCase({ imeis: [randomImei()] })
  await decide(officer, 'take', { of: bare })
  await open(officer, bare)
  const check = { ...AGREES, checkImei1: 'not_visible' } as const
  expect(await decide(officer, 'verify', { of: bare, check })).toEqual(err('no_imei_found'))
  expect(await decide(officer, 'hold', { of: bare, check })).toEqual(err('no_imei_found'))
})

test('decisions within 30 seconds of the opening are counted for each unit, and shown to who answers for it', async () => {
  const other = await makePolice('quan-1')
  const seconds = [5, 29, 30, 600]
  for (const since of seconds) {
    const one = await makeProvenCase()
    await decide(officer, 'take', { of: one })
    await open(officer, one, addMilliseconds(now, -since * 1_000))
    expect(await decide(officer, 'verify', { of: one })).toEqual(done)
  }
  // The first opening counts, not a repeated one.
  const slow = await makeProvenCase()
  await decide(officer, 'take', { of: slow })
  await open(officer, slow, addMilliseconds(now, -DAY))
  await open(officer, slow)
  expect(await decide(officer, 'verify', { of: slow })).toEqual(done)
  const elsewhere = await makeProvenCase({ unitId: 'quan-1' })
  await decide(other.officer, 'take', { of: elsewhere })
  await open(other.officer, elsewhere)
  await decide(other.officer, 'verify', { of: elsewhere })

  const mine = { unitId: 'quan-3', move: 'verify', count: 5, quick: 2 }
  const theirs = { unitId: 'quan-1', move: 'verify', count: 1, quick: 1 }
  expect(await countQuickDecisions(supervisor, now)).toEqual([mine])
  expect(await countQuickDecisions(await makeStaff('city_police'), now)).toEqual([theirs, mine])
  expect(await countQuickDecisions(await makeStaff('auditor'), now)).toEqual([theirs, mine])
  expect(await countQuickDecisions(officer, now)).toBeNull()
  expect(await countQuickDecisions(await makeStaff('admin'), now)).toBeNull()
  expect(await countQuickDecisions(supervisor, addMilliseconds(now, 31 * DAY))).toEqual([])
})

test('the reason is at hand for who decides next, and for nobody else', async () => {
  const snapshot = async () => (await readCaseFile(supervisor, made.number, now))?.snapshot as CaseSnapshot
  const hand = async (actor: StaffActor) => reasonAtHand(await snapshot(), actor, now)
  const city = await makeStaff('city_police')
  const colleague = await makeStaff('officer')
  await decide(officer, 'take')
  expect([await hand(officer), await hand(colleague)]).toEqual(['ownership', null])
  await open(officer)
  await decide(officer, 'verify')
  expect([await hand(supervisor), await hand(city), await hand(colleague)]).toEqual([
    'ownership',
    'ownership',
    null,
  ])
})
