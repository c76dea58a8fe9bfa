import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { exportData } from '#features/privacy/export/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  openAllSides,
  openProof,
  randomImei,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { full } from '#tests/runs.ts'
import { caseForCitizen } from '../citizen/data.ts'
import { actsOpen } from '../citizen/rules.ts'
import { decideCase } from '../decisions/acts.ts'
import { type CaseDecision, decisionsOpenTo } from '../decisions/rules.ts'
import { readCaseFile } from '../file/page-data.ts'
import { type CaseMove, moveCase } from '../moves/acts.ts'
import { takeNext } from '../queue/acts.ts'
import { findCase } from '../record/data.ts'
import { matchesAuditLog } from '../record/page-data.ts'
import { listWaiting } from '../stream/data.ts'
import { usualStream } from '../stream/rules.ts'

const now = new Date()
const citizen = { kind: 'citizen' } as const
const done = ok(true)

let officer: StaffReader
let supervisor: StaffReader
/** A person of the same unit who has judged nothing on the phone. */
let other: StaffReader
beforeEach(async () => {
  ;({ officer, supervisor } = await makePolice())
  other = await makeStaff('officer', { unitId: 'quan-3' })
})

async function snapshotOf({ id }: { readonly id: string }) {
  const c = await findCase(systemScope(), { id })
  if (!c) throw new Error('no such case')
  return c
}
async function decide(actor: StaffReader, c: MadeCase, decision: CaseDecision, reasonCode?: string) {
  await openAllSides(actor, c.id, now)
  const { number, version } = await snapshotOf(c)
  const form = { number, version, decision, reasonCode, submitKey: randomUUID() }
  return decideCase(actor, { ...form, reason: 'Đã so giấy tờ.', check: AGREES }, now)
}
const claims = async (imei: string) => {
  const rows = await db.caseImei.findMany({ where: { imei, primaryClaim: true }, select: { caseId: true } })
  return rows.map(({ caseId }) => caseId)
}
const reported = (imei: string) => db.caseImei.count({ where: { imei, isPublic: true } })

async function messagesOf({ id }: { readonly id: string }) {
  const key = unwrap(id, await db.caseKey.findUniqueOrThrow({ where: { caseId: id } }))
  const notices = await db.notice.findMany({
    where: { caseId: id },
    orderBy: [{ createdAt: 'asc' }, { template: 'asc' }],
  })
  return notices.map(({ id: notice, template, sealed }) => ({
    template,
    ...unseal<{ params: object }>(key, `notice:${notice}`, sealed ?? new Uint8Array()),
  }))
}

describe('a claim that was made first, without a proof', () => {
  test('does not keep two people from blocking the owner’s phone at once', async () => {
    const imei = randomImei()
    const thief = await makeProvenCase({ imeis: [imei], unitId: 'quan-1' })
    const owner = await makeProvenCase({ imeis: [imei] })
    expect(await claims(imei)).toEqual([thief.id])
    expect(await decide(officer, owner, 'hold')).toEqual(done)
    expect(await decide(supervisor, owner, 'confirm_hold')).toEqual(done)
    expect(await reported(imei)).toBe(1)
    expect(await db.carrierOrder.count({ where: { caseId: owner.id, reason: 'hold' } })).toBe(5)
    // The other case has been told nothing and is unchanged.
    expect((await messagesOf(thief)).map(({ template }) => template)).toEqual(['submitted'])
  })

  test('yields to the one that is verified and approved, and its person is told how to add proof, and no name', async () => {
    const imei = randomImei()
    const [thief, third] = [
      await makeProvenCase({ imeis: [imei], unitId: 'quan-1' }),
      await makeCase({ imeis: [imei] }),
    ]
    const owner = await makeProvenCase({ imeis: [imei], particulars: { fullName: 'Lê Văn Chủ' } })
    await decide(officer, owner, 'take')
    expect(await decide(officer, owner, 'verify')).toEqual(done)
    expect(await claims(imei)).toEqual([thief.id])
    expect(await decide(supervisor, owner, 'approve')).toEqual(done)
    expect(await claims(imei)).toEqual([owner.id])
    expect(await snapshotOf(owner)).toMatchObject({ state: 'blocking', primaryClaim: true })
    // Each of the others is told the same and goes on, with the claim or without.
    for (const one of [thief, third]) {
      expect(await snapshotOf(one)).toMatchObject({ state: 'submitted', held: null, primaryClaim: false })
      const said = await messagesOf(one)
      expect(said.map(({ template }) => template)).toEqual(['outproven', 'submitted'])
      expect(JSON.stringify(said)).not.toMatch(new RegExp(`Văn Chủ|${owner.number}`))
      expect(await matchesAuditLog(await makeStaff('auditor'), one.id)).toBe(true)
    }
    expect(await matchesAuditLog(await makeStaff('auditor'), owner.id)).toBe(true)
    // If its proof matches too, city police compare both; the block stays meanwhile.
    await decide(other, third, 'take')
    expect(await decide(other, third, 'verify')).toEqual(err('rival_proven'))
    const elsewhere = await makeStaff('officer', { unitId: 'quan-1' })
    await decide(elsewhere, thief, 'take')
    expect(await decide(elsewhere, thief, 'accept_counterclaim')).toEqual(done)
    for (const one of [thief, owner]) expect(await snapshotOf(one)).toMatchObject({ held: 'conflict' })
    expect(await snapshotOf(third)).toMatchObject({ held: null })
    expect(await reported(imei)).toBe(1)
  })

  test('that police found to match meanwhile is not passed over: neither is approved beside the other', async () => {
    const imei = randomImei()
    const [one, two] = [await makeProvenCase({ imeis: [imei] }), await makeProvenCase({ imeis: [imei] })]
    await decide(officer, one, 'take')
    expect(await decide(officer, one, 'verify')).toEqual(done)
    expect(await decide(other, two, 'hold')).toEqual(done)
    expect(await decide(supervisor, one, 'approve')).toEqual(err('rival_proven'))
    // The decision offered instead, also from this state.
    const view = await readCaseFile(supervisor, one.number, now)
    if (!view) throw new Error('no such case')
    const open = decisionsOpenTo(view.snapshot, supervisor, now, view)
    expect([open.main, ...open.others]).toContain('accept_counterclaim')
    expect([open.main, ...open.others]).not.toContain('approve')
    expect(await decide(supervisor, one, 'accept_counterclaim')).toEqual(done)
    expect(await snapshotOf(one)).toMatchObject({ state: 'verified', held: 'conflict' })
    expect(await snapshotOf(two)).toMatchObject({ held: 'conflict' })
  })

  test('is seen by police beside the other, with its state and whether its proof was judged', async () => {
    const imei = randomImei()
    const stranger = { contact: { kind: 'email', value: 'khac@example.vn' } } as const
    const [one, two] = [
      await makeProvenCase({ imeis: [imei] }),
      await makeProvenCase({ imeis: [imei], particulars: stranger }),
    ]
    const seen = async () => (await readCaseFile(other, one.number, now))?.sameImei
    expect(await seen()).toMatchObject([
      { number: two.number, state: 'submitted', active: true, proven: false },
    ])
    await decide(officer, two, 'hold')
    expect(await seen()).toMatchObject([{ number: two.number, proven: true }])
    // A rejection cancels the finding before it.
    await decide(supervisor, two, 'take')
    expect(await decide(supervisor, two, 'reject', 'not_owner')).toEqual(done)
    await move(two.id, citizen, { move: 'appeal' })
    expect(await seen()).toMatchObject([{ number: two.number, active: true, proven: false }])
  })

  test('of the release before, filed as a counter-claim, goes on as any other', async () => {
    const imei = randomImei()
    await makeProvenCase({ imeis: [imei] })
    const old = await makeProvenCase({ imeis: [imei] })
    await superuser.query(`UPDATE cases SET counterclaim = 'pending' WHERE id = $1`, [old.id])
    await decide(officer, old, 'take')
    expect(await decide(officer, old, 'verify')).toEqual(done)
    expect(await decide(supervisor, old, 'approve')).toEqual(done)
    expect(await claims(imei)).toEqual([old.id])
    // An event written by that release is still read.
    const refusedOnce = await makeCase({ imeis: [imei] })
    await superuser.query(
      `INSERT INTO case_events (case_id, seq, at, move, "from", "to", actor_kind, visible)
       SELECT case_id, 2, at, 'refuse_counterclaim', 'submitted', 'rejected', 'system', true FROM case_events WHERE case_id = $1`,
      [refusedOnce.id],
    )
    const page = await caseForCitizen(citizenScope(refusedOnce.id, 'full'), refusedOnce.id)
    expect(page?.events[0]).toMatchObject({ move: 'refuse_counterclaim' })
  })
})

test('one case at a time has a phone blocked: of two temporary blocks confirmed at once one is, and its end lifts it', async () => {
  const imei = randomImei()
  const [one, two] = [await makeProvenCase({ imeis: [imei] }), await makeProvenCase({ imeis: [imei] })]
  expect(await decide(officer, one, 'hold')).toEqual(done)
  expect(await decide(other, two, 'hold')).toEqual(done)
  const approver = await makeStaff('supervisor', { unitId: 'quan-3' })
  for (const by of [supervisor, approver]) await openAllSides(by, one.id, now)
  const both = await Promise.all([
    decide(supervisor, one, 'confirm_hold'),
    decide(approver, two, 'confirm_hold'),
  ])
  expect(both).toContainEqual(done)
  expect(both).toContainEqual(err('blocked_elsewhere'))
  expect(await reported(imei)).toBe(1)
  // A block in force, approved by two, also excludes another temporary block.
  const blocked = await makeBlockingCase({}, { officer, supervisor })
  const beside = await makeProvenCase({ imeis: blocked.imeis })
  expect(await decide(other, beside, 'hold')).toEqual(err('blocked_elsewhere'))
})

test('a person who judged a claim is given no other on the phone, as their next or by a supervisor', async () => {
  const imei = randomImei()
  const [one, two] = [await makeProvenCase({ imeis: [imei] }), await makeProvenCase({ imeis: [imei] })]
  await decide(officer, one, 'take')
  await decide(officer, one, 'verify')
  expect(await takeNext(officer, randomUUID(), now)).toEqual(err('none'))
  expect(await listWaiting(officer, usualStream, now)).toEqual([])
  expect((await listWaiting(other, usualStream, now)).map(({ number }) => number)).toEqual([two.number])
  const given = { move: 'reassign', assignee: officer } as const
  await expect(move(two.id, supervisor, given)).rejects.toThrow('assignee_had_part')
  expect(await takeNext(other, randomUUID(), now)).toMatchObject(ok({ number: two.number }))
})

test('an earlier case on the phone is shown to its own person alone', async () => {
  const imei = randomImei()
  const theirs = await makeCase({
    imeis: [imei],
    particulars: { contact: { kind: 'email', value: 'khac@example.vn' }, nationalId: '079190099999' },
  })
  await move(theirs.id, citizen, { move: 'withdraw' })
  await move(theirs.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(now, 25 * HOUR))
  const shown = async ({ id }: MadeCase) =>
    (await caseForCitizen(citizenScope(id, 'full'), id))?.earlier ?? null
  const mine = await makeCase({ imeis: [imei] })
  expect(await db.case.findUniqueOrThrow({ where: { id: mine.id } })).toMatchObject({ earlierId: theirs.id })
  expect(await shown(mine)).toBeNull()
  await move(mine.id, citizen, { move: 'withdraw' })
  await move(mine.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(now, 25 * HOUR))
  await db.case.update({ where: { id: mine.id }, data: { submittedAt: addMilliseconds(now, HOUR) } })
  expect(await shown(await makeCase({ imeis: [imei] }))).toEqual({ number: mine.number })
})

describe('what a claimant can read', () => {
  /** The acts of police and people on the observed claim, and on others on the phone. */
  const OWN = [
    'take',
    'request_info',
    'reply',
    'reject',
    'appeal',
    'withdraw',
    'undo_withdraw',
    'add_imei',
    'hold',
  ] as const
  const THEIRS = ['report', 'take', 'reject', 'withdraw', 'hold', 'verify', 'add_imei'] as const
  const step = fc.oneof(
    fc.record({ own: fc.constantFrom(...OWN) }),
    fc.record({ of: fc.nat(3), move: fc.constantFrom(...THEIRS) }),
  )

  async function attempt(id: string, input: Omit<CaseMove, 'caseId' | 'version'>, by: StaffReader, at: Date) {
    const acts = ['reply', 'appeal', 'withdraw', 'undo_withdraw', 'add_imei'].includes(input.move)
    const wish = { caseId: id, version: null, text: 'Đã đối chiếu.', check: AGREES, ...input }
    const actor = acts ? citizen : by
    if (!acts) await openProof(by, id, at)
    const made = await inScope(systemScope(), () =>
      runInTransaction((tx) => moveCase(tx, systemScope(), actor, wish, at)),
    )
    return made.ok ? 'done' : made.error
  }

  /** Returns all that a case's person can read of it, without the values that name it. */
  async function readable(c: MadeCase, at: Date): Promise<unknown> {
    const view = await caseForCitizen(citizenScope(c.id, 'full'), c.id)
    if (!view) throw new Error('no such case')
    const { units: _units, holidays: _holidays, snapshot, ...page } = view
    // No page of the citizen's reads who has the claim (the guard below).
    const { primaryClaim: _claim, ...standing } = snapshot
    const said = {
      page,
      standing,
      acts: actsOpen(snapshot, page.events, at),
      messages: await messagesOf(c),
      held: await exportData(citizenScope(c.id, 'full'), c.id, 'json', at),
    }
    // Each case has a file of its own.
    if (said.held) Object.assign(said.held, { evidence: said.held.evidence.length })
    const imeis = await db.caseImei.findMany({ where: { caseId: c.id }, orderBy: { ordinal: 'asc' } })
    const names = [c.id, c.number, ...imeis.flatMap(({ imei, key14 }) => [imei, key14])]
    const text = names.reduce(
      (all, name, index) => all.replaceAll(name, `name ${index}`),
      JSON.stringify(said, (_, value) => (value instanceof Map ? [...value] : value)),
    )
    return JSON.parse(text)
  }

  test('is the same, whatever up to four others report and police do with them, until another is approved', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(step, { minLength: 4, maxLength: 12 }),
        async (first, steps) => {
          // Others claim the first phone and its other number; nobody claims the second phone or its other number.
          const [phone, slot, freePhone, freeSlot] = [randomImei(), randomImei(), randomImei(), randomImei()]
          const judges = await Promise.all(
            Array.from({ length: 6 }, () => makeStaff('supervisor', { unitId: 'quan-3' })),
          )
          const [own, ...theirs] = judges as [StaffReader, ...StaffReader[]]
          const others: (MadeCase | undefined)[] = []
          const report = async (of: number, at: Date) => {
            const contact = { kind: 'email', value: `k${of}@example.vn` } as const
            const imeis = of % 2 === 0 ? [phone] : [slot, phone]
            others[of] ??= await makeProvenCase({
              imeis,
              now: at,
              particulars: { contact, nationalId: '079190099999' },
            })
          }
          let at = new Date('2026-11-30T02:00:00Z')
          if (first) for (const of of [0, 1]) await report(of, at)
          const beside = await makeProvenCase({ imeis: [phone], now: at })
          const alone = await makeProvenCase({ imeis: [freePhone], now: at })
          for (const one of steps) {
            at = addMilliseconds(at, HOUR)
            if ('own' in one) {
              const act = async (c: MadeCase, other: string) => {
                const imei = parseImei(other)
                const imeis = one.own === 'add_imei' && imei.ok ? { imeis: [imei.value] } : {}
                const code = { request_info: 'proof', reject: 'insufficient_proof' }[one.own as string]
                return attempt(c.id, { move: one.own, reasonCode: code, ...imeis }, own, at)
              }
              expect(await act(beside, slot)).toBe(await act(alone, freeSlot))
            } else if (one.move === 'report') await report(one.of, at)
            else {
              const c = others[one.of]
              const imei = parseImei(slot)
              const imeis = one.move === 'add_imei' && imei.ok ? { imeis: [imei.value] } : {}
              const reasonCode = one.move === 'reject' ? 'false_report' : undefined
              if (c) await attempt(c.id, { move: one.move, reasonCode, ...imeis }, theirs[one.of] ?? own, at)
            }
            expect(await readable(beside, at)).toEqual(await readable(alone, at))
          }
        },
      ),
      { numRuns: full ? 40 : 6, endOnFailure: true },
    )
  }, 120_000)

  test('asks no page, paper or message of a citizen who has the claim', () => {
    const files = ['app', 'features', 'messages'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    const citizens = files.filter(
      (file) =>
        /\.tsx?$/.test(file) &&
        !/\.test\.tsx?$/.test(file) &&
        /\(citizen\)|components\/citizen|reporting\/|notices\/|papers\/|privacy\/|app\/api\/(case|receipt)/.test(
          file,
        ),
    )
    expect(citizens.length).toBeGreaterThan(100)
    expect(
      citizens.filter((file) => /primaryClaim|\bcounterclaim\b/.test(readFileSync(file, 'utf8'))),
    ).toEqual([])
  })
})
