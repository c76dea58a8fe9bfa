import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { recordResults } from '#features/exchange/results/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { closeSignals } from '#platform/signals.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  openProof,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { actAsCitizen } from '../citizen/acts.ts'
import { type DecisionInput, decideCase } from '../decisions/acts.ts'
import type { CaseDecision } from '../decisions/rules.ts'
import { readCaseFile } from '../file/page-data.ts'
import { openCaseFile } from '../particulars/data.ts'
import { readChecklist } from '../proof/data.ts'
import type { GivenCheck } from '../proof/rules.ts'
import { findCase } from '../record/data.ts'
import { settleCase } from '../settling/acts.ts'

afterAll(closeSignals)

const now = new Date()
const later = (days: number) => addMilliseconds(now, days * DAY)
const done = ok(true)

let officer: StaffReader
let supervisor: StaffReader
let mine: string
let innocent: string
let made: MadeCase
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  ;[mine, innocent] = [randomImei(), randomImei()]
  made = await makeProvenCase({ imeis: [mine, innocent], now })
  await decide(officer, 'take')
})

const BOTH: GivenCheck = { checkImei1: 'yes', checkImei2: 'yes', checkName: 'yes', checkDevice: 'yes' }
const FIRST: GivenCheck = { ...BOTH, checkImei2: 'not_visible' }
const SECOND: GivenCheck = { checkImei2: 'yes', checkName: 'yes', checkDevice: 'yes' }

async function decide(by: StaffReader, decision: CaseDecision, more: Partial<DecisionInput> = {}, at = now) {
  const seen = await findCase(systemScope(), { id: made.id })
  const words = { reason: 'Đã xem giấy tờ.', submitKey: randomUUID() }
  const input = { number: made.number, version: seen?.version ?? 0, decision, ...words, ...more }
  return decideCase(by, input, at)
}

async function judge(by: StaffReader, decision: CaseDecision, check: GivenCheck, at = now) {
  await openProof(by, made.id, at)
  return decide(by, decision, { check }, at)
}

const booked = async () =>
  (
    await db.bookEntry.findMany({
      where: { carrierId: 'viettel', order: { caseId: made.id } },
      orderBy: { seq: 'asc' },
      select: { imei: true, action: true, reason: true },
    })
  ).map(({ imei, action, reason }) => `${action} ${imei === mine ? 'mine' : 'innocent'} ${reason}`)
const reported = async () =>
  (await db.caseImei.findMany({ where: { caseId: made.id, isPublic: true } })).map(({ imei }) => imei)

/** Lets every carrier carry out its order, and settles the case. */
async function apply(): Promise<void> {
  const lines = await db.bookEntry.findMany({ where: { order: { caseId: made.id }, outcome: null } })
  for (const { carrierId, orderId: order, imei } of lines)
    await recordResults(carrierId, [{ order, imei, outcome: 'applied', at: now.toISOString() }], now)
  await settleCase(made.id, now)
}

/** Adds a file as a citizen would. The rule ignores its kind and only checks that there is one. */
const prove = async (at = now) => {
  await makeProof(made.id)
  await move(made.id, { kind: 'citizen' }, { move: 'prove_imei' }, at)
}

describe('a proof of one number', () => {
  test('blocks that number alone, at carriers and in the public check', async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    expect(await booked()).toEqual(['block mine robbed'])
    expect(await reported()).toEqual([mine])
    const told = await db.notice.count({ where: { caseId: made.id, template: 'approve' } })
    expect(told).toBe(1)
  })

  test.each([
    ['the second person', BOTH, FIRST],
    ['the first person', FIRST, BOTH],
  ])('blocks no number that %s alone has not found', async (_, first, second) => {
    expect(await judge(officer, 'verify', first)).toEqual(done)
    expect(await judge(supervisor, 'approve', second)).toEqual(done)
    expect(await booked()).toEqual(['block mine robbed'])
    expect(await reported()).toEqual([mine])
  })

  test('approves nothing where the two have not found one and the same', async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    const other = { ...BOTH, checkImei1: 'not_visible' } as const
    expect(await judge(supervisor, 'approve', other)).toEqual(err('no_imei_agreed'))
    expect(await booked()).toEqual([])
    expect(await stateOf(made.id)).toBe('verified')
  })

  test('holds that number alone for a while', async () => {
    expect(await judge(officer, 'hold', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'confirm_hold', BOTH)).toEqual(done)
    expect(await booked()).toEqual(['block mine hold'])
    expect(await reported()).toEqual([mine])
  })

  test('ends the temporary block of a number that the two who approve did not both find', async () => {
    expect(await judge(officer, 'hold', BOTH)).toEqual(done)
    expect(await judge(supervisor, 'confirm_hold', BOTH)).toEqual(done)
    expect((await booked()).toSorted()).toEqual(['block innocent hold', 'block mine hold'])
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    expect((await booked()).slice(2)).toEqual(['unblock innocent expired', 'block mine robbed'])
    expect(await reported()).toEqual([mine])
    await apply()
    expect(await stateOf(made.id)).toBe('blocked')
  })

  test('verifies and holds nothing where no number stands on it, or one differs', async () => {
    const none = { ...FIRST, checkImei1: 'not_visible' } as const
    const another = { ...FIRST, checkImei2: 'no' } as const
    for (const decision of ['verify', 'hold'] as const) {
      expect(await judge(officer, decision, none)).toEqual(err('no_imei_found'))
      expect(await judge(officer, decision, another)).toEqual(err('other_imei'))
    }
  })
})

describe('a checklist', () => {
  test('that lacks a number, or answers for one that the case has not, is refused', async () => {
    const { checkImei2: _, ...lacking } = BOTH
    expect(await judge(officer, 'verify', lacking)).toEqual(err('check_missing'))
    expect(await judge(officer, 'verify', { ...BOTH, checkImei3: 'yes' })).toEqual(err('check_of_no_imei'))
  })

  test('of a phone with four numbers answers for each', async () => {
    made = await makeProvenCase({ imeis: Array.from({ length: 4 }, randomImei), now })
    await decide(officer, 'take')
    const three: GivenCheck = { ...BOTH, checkImei3: 'yes' }
    expect(await judge(officer, 'verify', three)).toEqual(err('check_missing'))
    const four: GivenCheck = { ...three, checkImei4: 'not_visible' }
    expect(await judge(officer, 'verify', four)).toEqual(done)
    expect(await judge(supervisor, 'approve', four)).toEqual(done)
    expect((await reported()).toSorted()).toEqual(made.imeis.slice(0, 3).toSorted())
  })

  test('claims no name of a box, and no device that nobody described', async () => {
    await db.evidence.updateMany({ where: { caseId: made.id }, data: { kind: 'box' } })
    expect(await judge(officer, 'verify', FIRST)).toEqual(err('check_nameless'))
    const none = { ...FIRST, checkName: 'none' } as const
    await db.case.update({ where: { id: made.id }, data: { brand: '', model: '', colour: '' } })
    expect(await judge(officer, 'verify', none)).toEqual(err('check_no_device'))
    expect((await readChecklist(officer, made.number, 'verify'))?.suggestion).toEqual({
      checkName: 'none',
      checkDevice: 'unknown',
    })
    expect(await judge(officer, 'verify', { ...none, checkDevice: 'unknown' })).toEqual(done)
  })

  test('does not stand for a number that is added after the first person has looked', async () => {
    ;[mine, innocent] = [randomImei(), randomImei()]
    made = await makeProvenCase({ imeis: [mine], now })
    await decide(officer, 'take')
    const one: GivenCheck = { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' }
    await openProof(officer, made.id, now)
    const { version } = (await findCase(systemScope(), { id: made.id })) ?? { version: 0 }
    await move(made.id, { kind: 'citizen' }, { move: 'add_imei', imeis: [readImei(innocent)] }, now)
    expect(await decide(officer, 'verify', { check: one, version })).toEqual(err('changed'))
    expect(await decide(officer, 'verify', { check: one })).toEqual(err('check_missing'))
    expect(await decide(officer, 'verify', { check: { ...one, checkImei2: 'not_visible' } })).toEqual(done)
    await move(made.id, supervisor, { move: 'approve', check: { ...one, checkImei2: 'yes' } }, now)
    expect(await booked()).toEqual(['block mine robbed'])
  })
})

describe('a number that waits', () => {
  beforeEach(async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    await apply()
    expect(await stateOf(made.id)).toBe('blocked')
  })

  test('comes before the police with a paper of its own, and is blocked by two', async () => {
    const queued = () => db.queuePlace.count({ where: { caseId: made.id, list: 'all' } })
    expect(await queued()).toBe(0)
    await prove()
    expect(await queued()).toBe(1)
    const colleague = (await makePolice()).officer
    expect(await judge(colleague, 'verify', SECOND)).toEqual(done)
    expect(await db.queuePlace.count({ where: { caseId: made.id, list: 'approve' } })).toBe(1)
    expect(await judge(colleague, 'approve', SECOND)).toEqual(err('forbidden'))
    expect(await booked()).toEqual(['block mine robbed'])
    expect(await judge(supervisor, 'approve', SECOND)).toEqual(done)
    expect(await booked()).toEqual(['block mine robbed', 'block innocent robbed'])
    expect((await reported()).toSorted()).toEqual([mine, innocent].toSorted())
    expect([await stateOf(made.id), await queued()]).toEqual(['blocked', 0])
  })

  test('is approved by another than the person who found it, and may be sent back', async () => {
    const second = (await makePolice()).supervisor
    expect(await judge(supervisor, 'verify', SECOND)).toEqual(done)
    expect(await judge(supervisor, 'approve', SECOND)).toEqual(err('own_verification'))
    expect(await decide(second, 'send_back')).toEqual(done)
    expect(await judge(second, 'approve', SECOND)).toEqual(err('not_verified_yet'))
    expect(await booked()).toEqual(['block mine robbed'])
  })

  test('asks about itself alone', async () => {
    expect(await judge(officer, 'verify', BOTH)).toEqual(err('check_of_no_imei'))
    const unseen = { ...SECOND, checkImei2: 'not_visible' } as const
    expect(await judge(officer, 'verify', unseen)).toEqual(err('no_imei_found'))
  })

  test('is asked for by a file and nothing else', async () => {
    const { key } = await inScope(systemScope(), () => openCaseFile({ id: made.id }))
    const { version } = (await findCase(systemScope(), { id: made.id })) ?? { version: 0 }
    const act = { act: 'prove_imei', message: '', submitKey: randomUUID(), key, version } as const
    const asked = await actAsCitizen(citizenScope(made.id, 'full'), { ...act, kind: 'box', files: [] }, now)
    expect(asked).toEqual(err('no_proof'))
  })

  test('is left waiting where its paper does not show it, and its person reads why', async () => {
    await prove()
    const asked = { reasonCode: 'proof', reason: 'Ảnh mờ, chưa đọc được số.' }
    expect(await decide(officer, 'request_info', asked)).toEqual(done)
    expect(await db.queuePlace.count({ where: { caseId: made.id } })).toBe(0)
    expect(await db.notice.count({ where: { caseId: made.id, template: 'ask_imei_proof' } })).toBe(1)
    expect(await stateOf(made.id)).toBe('blocked')
  })

  test('is not among those that an unblock is asked about, nor told to any carrier', async () => {
    await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' }, later(1))
    const blocked: GivenCheck = { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' }
    await openProof(officer, made.id, later(1))
    const recovered = { reasonCode: 'recovered', check: blocked }
    expect(await decide(officer, 'verify_unblock', recovered, later(1))).toEqual(done)
    expect(await judge(supervisor, 'approve_unblock', blocked, later(1))).toEqual(done)
    expect(await booked()).toEqual(['block mine robbed', 'unblock mine recovered'])
  })

  test('can be taken off, unlike one that is blocked', async () => {
    await openProof(officer, made.id, now)
    expect(await decide(officer, 'drop_imei', { dropped: mine })).toEqual(err('imei_blocked'))
    expect(await decide(officer, 'drop_imei', { dropped: innocent })).toEqual(done)
    expect(await judge(officer, 'verify', SECOND)).toEqual(err('no_imei_waits'))
  })
})

describe('a number that stands on no paper of its case', () => {
  const ONE: GivenCheck = { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' }
  const claimOf = (imei: string) =>
    db.caseImei.findFirst({ where: { imei, primaryClaim: true }, select: { caseId: true } })
  let owner: MadeCase
  let asked: MadeCase
  /** Decides on the owner's case, by people who have judged nothing else on the phone. */
  async function judgeOwners(by: StaffReader, decision: CaseDecision, check: GivenCheck = ONE) {
    asked = made
    made = owner
    try {
      return await judge(by, decision, check)
    } finally {
      made = asked
    }
  }
  let theirs: Awaited<ReturnType<typeof makePolice>>
  beforeEach(async () => {
    owner = await makeProvenCase({ imeis: [innocent], now })
    theirs = await makePolice()
  })

  test('keeps nobody from having that phone blocked: only what was found good stands against them', async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    expect(await claimOf(innocent)).toEqual({ caseId: made.id })
    await move(owner.id, theirs.officer, { move: 'take' }, now)
    const file = await readCaseFile(theirs.officer, owner.number, now)
    expect(file?.sameImei).toMatchObject([{ number: made.number, proven: false }])
    expect(await judgeOwners(theirs.officer, 'verify')).toEqual(done)
    expect(await judgeOwners(theirs.supervisor, 'approve')).toEqual(done)
    expect(await claimOf(innocent)).toEqual({ caseId: owner.id })
    expect(await claimOf(mine)).toEqual({ caseId: made.id })
    expect(await db.notice.count({ where: { caseId: made.id, template: 'outproven' } })).toBe(1)
  })

  test('takes no claim from another who has none of its papers either', async () => {
    const phone = randomImei()
    const first = await makeProvenCase({ imeis: [phone], now })
    made = await makeProvenCase({ imeis: [mine, phone], now })
    const [one, two] = [theirs.officer, theirs.supervisor]
    await decide(one, 'take')
    expect(await judge(one, 'verify', FIRST)).toEqual(done)
    expect(await judge(two, 'approve', FIRST)).toEqual(done)
    expect(await claimOf(phone)).toEqual({ caseId: first.id })
    expect(await db.notice.count({ where: { caseId: first.id, template: 'outproven' } })).toBe(0)
  })

  test('is not blocked beside another claim on it that was found good, which city police compare with it', async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    await apply()
    await prove()
    const others = await makePolice()
    expect(await judge(others.officer, 'verify', SECOND)).toEqual(done)
    await move(owner.id, theirs.officer, { move: 'take' }, now)
    // Others find the owner's proof good as well, before a second person agrees here.
    expect(await judgeOwners(theirs.officer, 'verify')).toEqual(err('rival_proven'))
    expect(await judgeOwners(theirs.officer, 'accept_counterclaim')).toEqual(done)
    expect(await judge(others.supervisor, 'approve', SECOND)).toEqual(err('held'))
    expect(await reported()).toEqual([mine])
  })

  test('is blocked by nobody who judged the other claim, nor where that one was found good first', async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    await move(owner.id, theirs.officer, { move: 'take' }, now)
    expect(await judgeOwners(theirs.officer, 'verify')).toEqual(done)
    await prove()
    const others = await makePolice()
    expect(await judge(theirs.officer, 'verify', SECOND)).toEqual(err('judged_other'))
    expect(await judge(others.officer, 'verify', SECOND)).toEqual(err('rival_proven'))
    const city = await makeStaff('city_police')
    expect(await judge(city, 'accept_counterclaim', BOTH)).toEqual(done)
    expect(await findCase(systemScope(), { id: owner.id })).toMatchObject({ held: 'conflict' })
    expect(await findCase(systemScope(), { id: made.id })).toMatchObject({
      held: 'conflict',
      state: 'blocking',
    })
  })

  test('that one person has found does not wait on a case whose block is lifted', async () => {
    expect(await judge(officer, 'verify', FIRST)).toEqual(done)
    expect(await judge(supervisor, 'approve', FIRST)).toEqual(done)
    await apply()
    await prove()
    expect(await judge((await makePolice()).officer, 'verify', SECOND)).toEqual(done)
    await move(made.id, { kind: 'system' }, { move: 'shared' }, now)
    expect(await findCase(systemScope(), { id: made.id })).toMatchObject({
      state: 'under_review',
      imeisVerifiedById: null,
      imeiPaperAt: null,
    })
  })
})

test('a number that differs is taken off, and its phone is free for others', async () => {
  const another = { ...FIRST, checkImei2: 'no' } as const
  expect(await judge(officer, 'verify', another)).toEqual(err('other_imei'))
  expect(await decide(officer, 'drop_imei', { dropped: randomImei() })).toEqual(err('imei_not_of_case'))
  expect(await decide(officer, 'drop_imei', { dropped: innocent })).toEqual(done)
  const one: GivenCheck = { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' }
  expect(await decide(officer, 'drop_imei', { dropped: mine })).toEqual(err('imei_last'))
  expect(await judge(officer, 'verify', one)).toEqual(done)
  const owner = await makeCase({ imeis: [innocent] })
  expect(await findCase(systemScope(), { id: owner.id })).toMatchObject({ primaryClaim: true })
  const events = await db.caseEvent.findMany({ where: { caseId: made.id, move: 'drop_imei', visible: true } })
  expect(events).toHaveLength(1)
})

test('a second person reads what the first found of each number', async () => {
  expect(await judge(officer, 'verify', FIRST)).toEqual(done)
  const file = await readCaseFile(supervisor, made.number, addMilliseconds(now, HOUR))
  expect(file?.checks[0]?.check.imeis.toSorted((a) => (a.answer === 'yes' ? -1 : 1))).toEqual([
    { key14: mine.slice(0, 14), answer: 'yes' },
    { key14: innocent.slice(0, 14), answer: 'not_visible' },
  ])
})

test('a check of the release before answers for every number of its case', async () => {
  expect(await judge(officer, 'verify', BOTH)).toEqual(done)
  const [row] = await db.proofCheck.findMany({ where: { caseId: made.id, move: 'verify' } })
  if (!row) throw new Error('no check')
  const event = { caseId: made.id, move: 'note', to: 'verified', actorKind: 'staff', visible: false } as const
  await db.caseEvent.create({ data: { ...event, seq: 99, at: now, actorId: officer.id } })
  const { caseId, accountId, unitId, openedAt, decidedAt } = row
  const old = {
    caseId,
    accountId,
    unitId,
    openedAt,
    decidedAt,
    imei: 'yes',
    name: 'none',
    device: 'yes',
  } as const
  await db.proofCheck.create({ data: { ...old, seq: 99, move: 'verify' } })
  expect(await db.proofCheckImei.count({ where: { caseId, seq: 99, answer: 'yes' } })).toBe(2)
})

function readImei(digits: string) {
  return must(parseImei(digits))
}
