import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { answersSchema, type CarrierAnswer } from '#features/exchange/interface/rules.ts'
import { readQuestions, recordAnswers } from '#features/exchange/questions/acts.ts'
import { listQuestions } from '#features/exchange/questions/data.ts'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import { askAboutData } from '#features/privacy/requests/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { unwrap } from '#platform/crypto.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import {
  type MadeCase,
  makeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  openProof,
  PARTICULARS,
  randomImei,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { statementsOf } from '#tests/same-work.ts'
import { actAsCitizen } from '../citizen/acts.ts'
import { type DecisionInput, decideCase } from '../decisions/acts.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { readCaseFile } from '../file/page-data.ts'
import { findCase } from '../record/data.ts'
import { matchesAuditLog } from '../record/page-data.ts'
import { lookUpImei } from './acts.ts'
import { type GivenImei, writeChoice } from './rules.ts'

afterAll(closeSignals)

const now = new Date()
/** A number with the first of MobiFone's prefixes. */
const NUMBER = '+84901234567'
const never = new AbortController().signal

let officer: StaffReader
let supervisor: StaffReader
let made: MadeCase

const withoutImei = async (consent = true) => {
  const one = await makeCase({ imeis: [], particulars: { phoneNumbers: [NUMBER] } })
  const given = { caseId: one.id, purpose: 'imei_of_number', version: '2026-11-28', at: now }
  if (consent) await db.consent.create({ data: given })
  return one
}
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  made = await withoutImei()
})

async function read(carrierId = 'mobifone') {
  const found = must(await readQuestions(carrierId, { after: 0, limit: 100, wait: 0 }, never))
  return found.entries
}
type Said = { readonly imeis: string[] } | { readonly answer: 'not_subscriber' | 'unknown' | 'yes' }
async function answer(said: Said, carrierId = 'mobifone', at = now) {
  const { id } = await db.carrierQuestion.findFirstOrThrow({ where: { carrierId } })
  const [receipt] = await recordAnswers(carrierId, [{ question: id, ...said } as CarrierAnswer], at)
  return receipt
}
const asked = async () =>
  (await db.carrierQuestion.findMany({ orderBy: { carrierId: 'asc' } })).map(({ carrierId }) => carrierId)
const jobs = async () =>
  (
    await superuser.query(
      `SELECT 1 FROM pgboss.job WHERE name = 'imei-lookup' AND data->>'caseId' = '${made.id}'`,
    )
  ).rowCount
const snapshot = async (of = made) => {
  const c = await findCase(systemScope(), { id: of.id })
  if (!c) throw new Error('no case')
  return c
}
async function decide(change: Partial<DecisionInput> & Pick<DecisionInput, 'decision'>, of = made) {
  const { version } = await snapshot(of)
  const input = { number: of.number, version, submitKey: randomUUID(), reason: 'Theo nhà mạng.', ...change }
  return decideCase(officer, input, now)
}
const open = () =>
  discloseCase(officer, { number: made.number, submitKey: randomUUID(), reason: 'ownership', note: '' }, now)
const add = (imei: GivenImei, of: MadeCase) => give(imei, of, randomUUID(), 'add_imei')
async function give(
  imei: GivenImei | null,
  of = made,
  submitKey = randomUUID(),
  name: 'give_imei' | 'add_imei' = 'give_imei',
) {
  const key = unwrap(of.id, await db.caseKey.findUniqueOrThrow({ where: { caseId: of.id } }))
  const { version } = await snapshot(of)
  const act = {
    act: name,
    message: '',
    imei,
    submitKey,
    key,
    version,
    kind: 'box',
    files: [],
  } as const
  return actAsCitizen(citizenScope(of.id, 'full'), act, now)
}
const typed = (imei: string): GivenImei => {
  const parsed = must(parseImei(imei))
  return { typed: [parsed] }
}
const chosen = async (at = 0): Promise<GivenImei> => ({
  chosen: { question: (await db.carrierQuestion.findFirstOrThrow()).id, at },
})
const isListedWithout = async () =>
  (await db.queuePlace.count({ where: { caseId: made.id, list: 'no_imei' } })) === 1
const claims = () =>
  db.caseImei.findMany({ where: { primaryClaim: true }, select: { caseId: true, imei: true } })

describe('which phones a number was in', () => {
  test('is asked of the carrier of its prefix alone, once, with the id number that it knows its subscriber by', async () => {
    await Promise.all([lookUpImei(made.id, now), lookUpImei(made.id, now)])
    await lookUpImei(made.id, now)
    expect(await asked()).toEqual(['mobifone'])
    expect(await read()).toMatchObject([
      {
        kind: 'imei_of_number',
        msisdn: NUMBER,
        subscriber: { idKind: 'cccd', idNumber: PARTICULARS.nationalId },
      },
    ])
    const { rows } = await superuser.query('SELECT carrier_questions::text AS text FROM carrier_questions')
    const [stored] = rows as { text: string }[]
    for (const secret of [NUMBER.slice(3), PARTICULARS.nationalId])
      expect(stored?.text).not.toContain(Buffer.from(secret).toString('hex'))
    const entries = await db.auditEntry.findMany({ where: { act: { startsWith: 'question.' } } })
    expect(entries.map(({ act, actorKind }) => `${actorKind} ${act}`).sort()).toEqual([
      'carrier question.read',
      'system question.ask',
    ])
    expect(
      JSON.stringify(entries, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(PARTICULARS.nationalId)
  })

  test('is asked of the others once it is no subscriber of that one, and of nobody twice', async () => {
    await lookUpImei(made.id, now)
    const before = await jobs()
    expect(await answer({ answer: 'not_subscriber' })).toMatchObject({ status: 'recorded' })
    expect(await jobs()).toBe((before ?? 0) + 1)
    await lookUpImei(made.id, now)
    const all = await asked()
    expect(all.length).toBeGreaterThan(1)
    for (const carrier of all.filter((id) => id !== 'mobifone'))
      await answer({ answer: 'not_subscriber' }, carrier)
    await lookUpImei(made.id, now)
    expect(await asked()).toEqual(all)
    expect((await snapshot()).imeiUnknown).toBe(true)
  })

  test('is not asked without the consent, nor of a case that has its IMEI or is over', async () => {
    const silent = await withoutImei(false)
    await lookUpImei(silent.id, now)
    await move(made.id, { kind: 'citizen' }, { move: 'withdraw' })
    await move(made.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(now, 25 * HOUR))
    await lookUpImei(made.id, now)
    const known = await makeCase({ particulars: { phoneNumbers: [NUMBER] } })
    await lookUpImei(known.id, now)
    expect(await asked()).toEqual([])
  })

  test('is asked again where the case ended before the answer and an answer of its person reopens it', async () => {
    await move(made.id, officer, { move: 'take' }, now)
    await move(made.id, officer, { move: 'request_info', reasonCode: 'proof' }, now)
    await lookUpImei(made.id, now)
    const ended = addMilliseconds(now, 15 * DAY)
    await move(made.id, { kind: 'system' }, { move: 'expire' }, ended)
    expect(await db.carrierQuestion.count({ where: { open: true } })).toBe(0)
    const again = addMilliseconds(ended, DAY)
    await move(made.id, { kind: 'citizen' }, { move: 'reply', text: 'Tôi gửi hóa đơn.' }, again)
    for (let twice = 0; twice < 2; twice++) await lookUpImei(made.id, again)
    expect(await db.carrierQuestion.findMany({ where: { open: true } })).toMatchObject([
      { carrierId: 'mobifone', kind: 'imei_of_number', askedAt: again },
    ])
  })

  test('is not asked on a consent that is taken back in the same moment', async () => {
    let looking: Promise<void> | undefined
    await transaction(async (tx) => {
      await tx.case.update({ where: { id: made.id }, data: { version: { increment: 1 } } })
      looking = lookUpImei(made.id, now)
      await setTimeout(300)
      await tx.consent.updateMany({ where: { caseId: made.id }, data: { withdrawnAt: now } })
    })
    await looking
    expect(await asked()).toEqual([])
  })

  test('is asked of no carrier that gets letters, which could not read it, nor of others instead of it', async () => {
    await superuser.query(`UPDATE carriers SET way = 'letter' WHERE id = 'mobifone'`)
    await lookUpImei(made.id, now)
    expect(await asked()).toEqual([])
  })

  test('is asked no more and forgotten once the consent is taken back', async () => {
    await lookUpImei(made.id, now)
    await answer({ imeis: [randomImei()] })
    const another = await withoutImei()
    await lookUpImei(another.id, now)
    for (const one of [made, another]) {
      const { version } = await snapshot(one)
      const data = {
        caseId: one.id,
        version,
        act: 'withdraw_consent',
        message: '',
        submitKey: randomUUID(),
      } as const
      expect(await askAboutData(citizenScope(one.id, 'full'), data, now)).toMatchObject({ ok: true })
    }
    expect(await db.carrierQuestion.count({ where: { sealedAnswer: { not: null } } })).toBe(0)
    const late = await db.carrierQuestion.findFirstOrThrow({ where: { caseId: another.id } })
    const rows = [{ question: late.id, imeis: [randomImei()] }]
    expect(await recordAnswers('mobifone', rows, now)).toMatchObject([{ status: 'unknown' }])
    expect(await read()).toEqual([])
  })
})

describe('a carrier’s answer', () => {
  beforeEach(() => lookUpImei(made.id, now))

  test('has up to eight IMEIs, as networks write them; a ninth refuses the whole post', async () => {
    const imeis = Array.from({ length: 9 }, randomImei)
    expect(answersSchema.safeParse({ answers: [{ question: randomUUID(), imeis }] }).success).toBe(false)
    const spare = imeis.slice(0, 8).map((imei, at) => (at === 0 ? `${imei.slice(0, 14)}0` : imei))
    expect(answersSchema.safeParse({ answers: [{ question: randomUUID(), imeis: spare }] }).success).toBe(
      true,
    )
    expect(await answer({ imeis: spare })).toMatchObject({ status: 'recorded' })
    const [question] = await listQuestions(systemScope(), made.id)
    expect(question?.imeis).toEqual(imeis.slice(0, 8))
    const { rows } = await superuser.query('SELECT carrier_questions::text AS text FROM carrier_questions')
    expect((rows[0] as { text: string }).text).not.toContain(Buffer.from(imeis[1] ?? '').toString('hex'))
    // The same answer again is harmless; another answer changes nothing.
    expect(await answer({ imeis: spare })).toMatchObject({ status: 'duplicate' })
    expect(await answer({ imeis: [randomImei()] })).toMatchObject({
      detail: expect.stringContaining('stands'),
    })
    expect(await answer({ answer: 'unknown' })).toMatchObject({ detail: expect.stringContaining('stands') })
  })

  test.each([
    ['a wrong check digit', { imeis: [randomImei(), '356789101234561'] }],
    ['a drill’s number', { imeis: ['004999010640000'] }],
    ['the answer to another kind', { answer: 'yes' }],
  ] as const)('with %s records nothing', async (_, said) => {
    expect(await answer(said as Said)).toMatchObject({ status: 'unknown' })
    expect(await db.carrierQuestion.findFirstOrThrow()).toMatchObject({ answer: null, open: true })
  })

  test('that names no phone is an answer, and leaves nothing to release', async () => {
    expect(await answer({ imeis: [] })).toMatchObject({ status: 'recorded' })
    await move(made.id, officer, { move: 'take' })
    await open()
    expect(await decide({ decision: 'release_imeis' })).toEqual(err('no_imeis_named'))
  })

  test('comes too late once the case is over, has its IMEI, or a week has gone by', async () => {
    const late = { status: 'unknown', detail: expect.stringContaining('expired') }
    expect(await answer({ imeis: [randomImei()] }, 'mobifone', addMilliseconds(now, 7 * DAY))).toMatchObject(
      late,
    )
    await makeProof(made.id)
    expect(await give(typed(randomImei()))).toMatchObject({ ok: true })
    expect(await read()).toEqual([])
    expect(await answer({ imeis: [randomImei()] })).toMatchObject(late)
    await db.carrierQuestion.deleteMany()
    made = await withoutImei()
    await lookUpImei(made.id, now)
    await move(made.id, { kind: 'citizen' }, { move: 'withdraw' })
    await move(made.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(now, 25 * HOUR))
    expect(await answer({ imeis: [randomImei()] })).toMatchObject(late)
  })
})

describe('the phones that were named', () => {
  let imei: string
  beforeEach(async () => {
    imei = randomImei()
    await lookUpImei(made.id, now)
    await answer({ imeis: [randomImei(), imei] })
    await move(made.id, officer, { move: 'take' })
  })

  test('are shown to an officer who has opened the papers, and to the reporter once released: with a reason, and told', async () => {
    expect(await readCaseFile(officer, made.number, now)).toMatchObject({ named: [], imeisNamed: true })
    expect(await decide({ decision: 'release_imeis' })).toEqual(err('proof_unseen'))
    expect(await give(await chosen(1))).toEqual(err('imei_not_named'))
    const taken = await exportData(citizenScope(made.id, 'full'), made.id, 'json', now)
    expect(taken?.questions).toMatchObject([{ kind: 'imei_of_number', named: null }])
    await open()
    expect((await readCaseFile(officer, made.number, now))?.named.map((one) => one.imei)).toContain(imei)
    expect(await decide({ decision: 'release_imeis', reason: ' ' })).toEqual(err('text_missing'))
    expect(await decide({ decision: 'release_imeis' })).toEqual({ ok: true, value: true })
    expect(await decide({ decision: 'release_imeis' })).toEqual(err('no_imeis_named'))
    expect(await db.notice.count({ where: { caseId: made.id, template: 'release_imeis' } })).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'case.release_imeis' } })).toBe(1)
    const after = await exportData(citizenScope(made.id, 'full'), made.id, 'json', now)
    // A phone may be another person's, so the export shows no more of it than the page: neither in its file nor in its text.
    expect(after?.questions[0]?.named).toContainEqual({ name: null, ending: imei.slice(-4) })
    expect(JSON.stringify(after)).not.toContain(imei)
    expect(
      JSON.stringify(await db.auditEntry.findMany(), (_, v) => (typeof v === 'bigint' ? '' : v)),
    ).not.toContain(imei)
  })

  test('are chosen from by the reporter: from then on the case goes the way of every case, to the block', async () => {
    await open()
    await decide({ decision: 'release_imeis' })
    const verify = () => move(made.id, officer, { move: 'verify' })
    await expect(verify()).rejects.toThrow('imei_unknown')
    await expect(move(made.id, officer, { move: 'hold' })).rejects.toThrow('imei_unknown')
    expect(await give(await chosen(7))).toEqual(err('imei_not_named'))
    expect(await give(null)).toEqual(err('imei_missing'))
    const submitKey = randomUUID()
    expect(await isListedWithout()).toBe(true)
    expect(await give(await chosen(1), made, submitKey)).toMatchObject({ ok: true })
    expect(await isListedWithout()).toBe(false)
    expect(await claims()).toEqual([{ caseId: made.id, imei }])
    expect(await snapshot()).toMatchObject({ imeiUnknown: false, primaryClaim: true })
    // The same form again is the same act; another one is refused, because there is an IMEI now.
    expect(await give(await chosen(1), made, submitKey)).toMatchObject({ ok: true })
    expect(await give(await chosen(0))).toEqual(err('imei_known'))
    await expect(verify()).rejects.toThrow('no_proof')
    await makeProof(made.id)
    await verify()
    await move(made.id, supervisor, { move: 'approve' })
    const lines = await db.bookEntry.findMany({ select: { imei: true, action: true } })
    expect(new Set(lines.map((line) => `${line.action} ${line.imei}`))).toEqual(new Set([`block ${imei}`]))
  })

  test('may be set by the officer, who has opened them; another’s answer may not', async () => {
    const other = await withoutImei()
    await lookUpImei(other.id, now)
    const theirs = await db.carrierQuestion.findFirstOrThrow({ where: { caseId: other.id } })
    await recordAnswers('mobifone', [{ question: theirs.id, imeis: [randomImei()] }], now)
    await openProof(officer, made.id)
    const wrong = { chosen: { question: theirs.id, at: 0 } }
    expect(await decide({ decision: 'set_imei', imei: wrong })).toEqual(err('imei_not_named'))
    expect(await decide({ decision: 'set_imei' })).toEqual(err('imei_missing'))
    const mine = await db.carrierQuestion.findFirstOrThrow({ where: { caseId: made.id } })
    const imeiOf = { chosen: { question: mine.id, at: 1 } }
    expect(await isListedWithout()).toBe(true)
    expect(await decide({ decision: 'set_imei', imei: imeiOf })).toEqual({ ok: true, value: true })
    expect(await isListedWithout()).toBe(false)
    expect(await claims()).toEqual([{ caseId: made.id, imei }])
    expect(writeChoice(imeiOf.chosen)).not.toContain(imei)
  })
})

describe('an IMEI that was found', () => {
  test('comes with a proof, as in a report, and links an earlier case of the phone', async () => {
    const imei = randomImei()
    const earlier = await makeCase({ imeis: [imei] })
    await move(earlier.id, { kind: 'citizen' }, { move: 'withdraw' })
    await move(earlier.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(now, 25 * HOUR))
    expect(await give(typed(imei))).toEqual(err('no_proof'))
    await makeProof(made.id)
    expect(await give(typed(imei))).toMatchObject({ ok: true })
    expect(await db.case.findUniqueOrThrow({ where: { id: made.id } })).toMatchObject({
      earlierId: earlier.id,
    })
    // The hash is of the case as it is now, with its IMEI.
    expect(await matchesAuditLog(await makeStaff('auditor'), made.id)).toBe(true)
  })

  test('of a phone that another has reported is set all the same, without the claim and a word of the other', async () => {
    const other = await makeCase()
    const [imei = ''] = other.imeis
    await makeProof(made.id)
    expect(await give(typed(imei))).toMatchObject({ ok: true })
    expect(await claims()).toEqual([{ caseId: other.id, imei }])
    expect(await snapshot()).toMatchObject({ counterclaim: null, primaryClaim: false, imeiUnknown: false })
    expect(await matchesAuditLog(await makeStaff('auditor'), made.id)).toBe(true)
    const told = await db.notice.findMany({ where: { caseId: made.id }, select: { template: true } })
    expect(told.map(({ template }) => template)).toEqual(
      expect.arrayContaining(['submitted_imei_unknown', 'give_imei']),
    )
    expect(told).toHaveLength(2)
    await move(made.id, officer, { move: 'take' })
    await move(made.id, officer, { move: 'verify' })
  })

  test('of two reports that turn out to be one phone, at once: both are set, and one has the claim', async () => {
    const other = await withoutImei()
    const imei = randomImei()
    for (const one of [made, other]) await makeProof(one.id)
    const given = await Promise.all([give(typed(imei), made), give(typed(imei.slice(0, 14)), other)])
    expect(given).toEqual([
      { ok: true, value: null },
      { ok: true, value: null },
    ])
    expect(await claims()).toHaveLength(1)
    expect(await db.caseImei.count()).toBe(2)
  })

  test('is erased with its case, and so is what carriers named', async () => {
    await lookUpImei(made.id, now)
    await answer({ imeis: [randomImei()] })
    await transaction((tx) => destroyPersonalData(tx, made.id))
    expect(await db.carrierQuestion.count({ where: { caseId: made.id } })).toBe(0)
  })
})

describe('the number of the other SIM slot', () => {
  const numbers = async (of: MadeCase) =>
    (await db.caseImei.findMany({ where: { caseId: of.id }, orderBy: { ordinal: 'asc' } })).map(
      ({ imei, primaryClaim }) => [imei, primaryClaim],
    )

  test('is added until police have decided, is claimed as the first is, and is blocked with it', async () => {
    const [first, second] = [randomImei(), randomImei()]
    const one = await makeCase({ imeis: [first] })
    expect(await add(typed(second), one)).toEqual(err('no_proof'))
    await makeProof(one.id)
    expect(await add(typed(second), one)).toMatchObject({ ok: true })
    expect(await numbers(one)).toEqual([
      [first, true],
      [second, true],
    ])
    expect(await matchesAuditLog(await makeStaff('auditor'), one.id)).toBe(true)
    expect(await db.notice.count({ where: { caseId: one.id, template: 'add_imei' } })).toBe(1)
    expect(await add(typed(second), one)).toEqual(err('imei_repeated'))
    for (let others = 0; others < 2; others++)
      expect(await add(typed(randomImei()), one)).toMatchObject({ ok: true })
    expect(await add(typed(randomImei()), one)).toEqual(err('imeis_too_many'))
    await move(one.id, officer, { move: 'take' })
    await move(one.id, officer, { move: 'verify' })
    expect(await add(typed(randomImei()), one)).toEqual(err('wrong_state'))
    await move(one.id, supervisor, { move: 'approve' })
    const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel' }, select: { imei: true } })
    expect(lines.map(({ imei }) => imei)).toEqual(expect.arrayContaining([first, second]))
  })

  test('is added though another case has claimed it, also by two who add it at once: one has the claim', async () => {
    const number = randomImei()
    const [one, two] = [await makeCase(), await makeCase()]
    await makeProof(one.id)
    await makeProof(two.id)
    const done = await Promise.all([add(typed(number), one), add(typed(number), two)])
    expect(done.filter(({ ok }) => ok)).toHaveLength(2)
    const both = await db.caseImei.findMany({ where: { imei: number }, select: { primaryClaim: true } })
    expect(both.map(({ primaryClaim }) => primaryClaim).toSorted()).toEqual([false, true])
    for (const { id } of [one, two]) {
      expect(await matchesAuditLog(await makeStaff('auditor'), id)).toBe(true)
      expect(await db.notice.count({ where: { caseId: id, template: 'add_imei' } })).toBe(1)
    }
  })

  test('is added with the same statements, whether another case has claimed it or not', async () => {
    const [taken, free] = [randomImei(), randomImei()]
    await makeCase({ imeis: [taken] })
    const [warm, beside, alone] = [await makeProvenCase(), await makeProvenCase(), await makeProvenCase()]
    await add(typed(randomImei()), warm)
    const sent = await statementsOf(() => add(typed(taken), beside))
    expect(sent.length).toBeGreaterThan(9)
    expect(await statementsOf(() => add(typed(free), alone))).toEqual(sent)
  })

  test('waits while a colleague is asked about a temporary block, which is of the numbers that were seen', async () => {
    const one = await makeCase()
    await makeProof(one.id)
    await move(one.id, officer, { move: 'take' })
    await move(one.id, officer, { move: 'hold' })
    expect(await add(typed(randomImei()), one)).toEqual(err('wrong_state'))
  })

  test('is for a case that has a number: one without is given its first', async () => {
    await makeProof(made.id)
    expect(await add(typed(randomImei()), made)).toEqual(err('imei_unknown'))
  })
})
