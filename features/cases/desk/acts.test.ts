import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { allowAlerts } from '#features/alerts/consents/acts.ts'
import { sharedWith } from '#features/alerts/consents/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeReceiver } from '#tests/factories/receiver.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { actAsCitizen } from '../citizen/acts.ts'
import { findKeyForCitizen, keyForAct } from '../citizen/data.ts'
import type { CaseDeskAct, CitizenAct } from '../citizen/rules.ts'
import { runClocks } from '../clocks/acts.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { readCaseFile } from '../file/page-data.ts'
import { matchesAuditLog } from '../record/page-data.ts'
import { type DeskActInput, recordDeskAct } from './acts.ts'

const NOW = new Date('2026-11-24T03:00:00Z')
const row = (made: MadeCase) => db.case.findUniqueOrThrow({ where: { id: made.id } })
/** Returns a case's messages by name: those of one moment have no order. */
const told = async (made: MadeCase) =>
  (await db.notice.findMany({ where: { caseId: made.id } })).map(({ template }) => template).toSorted()

async function atDesk(
  made: MadeCase,
  by: StaffReader,
  act: CaseDeskAct,
  given: Pick<DeskActInput, 'imei' | 'share' | 'shareNumber'> = {},
) {
  const { version } = await row(made)
  const message = 'Người báo nói vậy.'
  const input = { number: made.number, version, act, message, submitKey: randomUUID(), ...given }
  return sentThrice(() => recordDeskAct(by, input, NOW))
}

/** Acts as a browser that has shown a code from the contact, but no secret. */
async function byCode(made: MadeCase, act: CitizenAct) {
  const scope = citizenScope(made.id, 'status')
  const key = await keyForAct(scope, made.id)
  if (!key) throw new Error('no key')
  const { version } = await row(made)
  const input = { key, act, version, message: '', submitKey: randomUUID(), kind: 'other' as const, files: [] }
  return actAsCitizen(scope, input, NOW)
}

describe('a withdrawal', () => {
  test('that a stranger with the secret asked for is stopped by a code from the contact, and by nothing less', async () => {
    const [made, other] = [await makeCase({ now: NOW }), await makeCase({ now: NOW })]
    await move(made.id, { kind: 'citizen' }, { move: 'withdraw' }, NOW)
    expect(await byCode(other, 'undo_withdraw')).toEqual(err('no_withdrawal'))
    expect(await keyForAct(citizenScope(made.id, 'status'), other.id)).toBeNull()
    expect(await findKeyForCitizen(citizenScope(made.id, 'status'), made.id)).toBeNull()
    expect(await byCode(made, 'undo_withdraw')).toEqual(ok(null))
    expect(await row(made)).toMatchObject({ withdrawEffectiveAt: null, state: 'submitted' })
    expect(await byCode(made, 'withdraw')).toEqual(err('forbidden'))
    await runClocks(addMilliseconds(NOW, 2 * DAY))
    expect(await stateOf(made.id)).not.toBe('withdrawn')
    expect(await told(made)).toEqual(['submitted', 'undo_withdraw', 'withdraw'])
  })

  test('is stopped at the desk of its own unit alone, once, and the history says by whom', async () => {
    const { officer } = await makePolice()
    const { officer: elsewhere } = await makePolice('quan-1')
    const made = await makeCase({ now: NOW })
    await move(made.id, { kind: 'citizen' }, { move: 'withdraw' }, NOW)
    expect(await atDesk(made, elsewhere, 'undo_withdraw')).toEqual(err('not_found'))
    expect(await atDesk(made, officer, 'undo_withdraw')).toEqual(ok(true))
    expect(await row(made)).toMatchObject({ withdrawEffectiveAt: null })
    const events = await db.caseEvent.findMany({ where: { caseId: made.id, move: 'undo_withdraw' } })
    expect(events).toMatchObject([{ actorKind: 'staff', actorId: officer.id, actorUnitId: 'quan-3' }])
  })

  test('of a person without any contact is stopped with their secret, or at the desk; a letter tells of one that nobody stopped', async () => {
    const { officer } = await makePolice()
    const stopped = await makeCase({ now: NOW, particulars: { contact: null } })
    const gone = await makeCase({ now: NOW, particulars: { contact: null } })
    for (const { id } of [stopped, gone]) await move(id, { kind: 'citizen' }, { move: 'withdraw' }, NOW)
    const scope = citizenScope(stopped.id, 'full')
    const key = await findKeyForCitizen(scope, stopped.id)
    if (!key) throw new Error('no key')
    const { version } = await row(stopped)
    const form = { key, version, message: '', submitKey: randomUUID(), kind: 'other' as const, files: [] }
    expect(await actAsCitizen(scope, { ...form, act: 'undo_withdraw' }, NOW)).toEqual(ok(null))
    await move(stopped.id, { kind: 'citizen' }, { move: 'withdraw' }, NOW)
    expect(await atDesk(stopped, officer, 'undo_withdraw')).toEqual(ok(true))
    await runClocks(addMilliseconds(NOW, DAY))
    expect(await stateOf(stopped.id)).toBe('submitted')
    expect(await stateOf(gone.id)).toBe('withdrawn')
    // Too late for the desk as well. Only the letter remains, which waits to be served.
    expect(await atDesk(gone, officer, 'undo_withdraw')).toEqual(err('wrong_state'))
    const { unheardSeq, version: last } = await row(gone)
    expect(unheardSeq).toBe(last)
    expect(await told(gone)).toEqual([])
  })

  test('in a conflict is stopped as any other, by a code and at the desk: the block stays where it was', async () => {
    const made = await makeCase({ now: NOW })
    const { officer } = await makePolice()
    const held = { held: 'conflict', hearingUntil: addMilliseconds(NOW, DAY) } as const
    await db.case.update({ where: { id: made.id }, data: held })
    for (const stop of [() => byCode(made, 'undo_withdraw'), () => atDesk(made, officer, 'undo_withdraw')]) {
      await move(made.id, { kind: 'citizen' }, { move: 'withdraw' }, NOW)
      expect(await stop()).toMatchObject({ ok: true })
    }
    expect(await row(made)).toMatchObject({ held: 'conflict', withdrawEffectiveAt: null })
  })

  test('written down at the desk waits its 24 hours, and its message does not speak of the secret', async () => {
    const { officer } = await makePolice()
    const made = await makeCase({ now: NOW })
    expect(await atDesk(made, officer, 'withdraw')).toEqual(ok(true))
    expect(await stateOf(made.id)).toBe('submitted')
    expect(await row(made)).toMatchObject({ withdrawEffectiveAt: addMilliseconds(NOW, DAY) })
    expect(await told(made)).toEqual(['submitted', 'withdraw_at_desk'])
    await runClocks(addMilliseconds(NOW, DAY))
    expect(await stateOf(made.id)).toBe('withdrawn')
  })
})

test('a person without any contact is served at the desk, and no message is queued for nobody', async () => {
  const { officer } = await makePolice()
  const made = await makeCase({ now: NOW, particulars: { contact: null } })
  expect(await row(made)).toMatchObject({ contactKind: null })
  expect(await atDesk(made, officer, 'withdraw')).toEqual(ok(true))
  expect(await atDesk(made, officer, 'undo_withdraw')).toEqual(ok(true))
  expect(await told(made)).toEqual([])
})

test('carriers are asked after consent that was given at the desk, once', async () => {
  const { officer } = await makePolice()
  const made = await makeCase({ now: NOW, imeis: [] })
  expect(await atDesk(made, officer, 'allow_lookup')).toEqual(ok(true))
  expect(await db.consent.findMany({ where: { caseId: made.id } })).toMatchObject([
    { purpose: 'imei_of_number', withdrawnAt: null },
  ])
  expect(await atDesk(made, officer, 'allow_lookup')).toEqual(err('wrong_state'))
})

test('who wrote a wish down does not decide it, and is not offered to; another person is', async () => {
  const made = await makeBlockingCase({ now: NOW })
  const { supervisor, officer } = made.police
  expect(await atDesk(made, officer, 'request_unblock')).toEqual(ok(true))
  await expect(move(made.id, officer, { move: 'verify_unblock', reasonCode: 'recovered' })).rejects.toThrow(
    'own_writing',
  )
  expect(await readCaseFile(officer, made.number, NOW)).toMatchObject({ wroteDown: true })
  expect(await readCaseFile(supervisor, made.number, NOW)).toMatchObject({ wroteDown: false })
  await move(made.id, supervisor, { move: 'verify_unblock', reasonCode: 'recovered' })
  // A request taken back at the desk leaves the block as it was.
  expect(await atDesk(made, officer, 'undo_unblock')).toEqual(ok(true))
  expect(await stateOf(made.id)).toBe('blocking')
})

describe('what is added for a person at the desk', () => {
  const second = () => {
    const imei = must(parseImei(randomImei()))
    return { imei: { typed: [imei] } }
  }

  test('needs the case to be open to the officer, so that they compared the identity card with it', async () => {
    const made = await makeProvenCase({ now: NOW })
    const { officer } = await makePolice()
    for (const act of ['add_imei', 'tell_banks'] as const)
      expect(await atDesk(made, officer, act, second())).toEqual(err('unseen'))
    await discloseCase(officer, opening(made), NOW)
    expect(await atDesk(made, officer, 'add_imei', second())).toEqual(ok(true))
  })

  test('is a second IMEI, with a proof in the case; its contact is told, and another officer verifies', async () => {
    const [made, bare] = [await makeProvenCase({ now: NOW }), await makeCase({ now: NOW })]
    const { officer, supervisor } = await makePolice()
    const { officer: elsewhere } = await makePolice('quan-1')
    await discloseCase(officer, opening(made), NOW)
    await discloseCase(officer, opening(bare), NOW)
    expect(await atDesk(bare, officer, 'add_imei', second())).toEqual(err('no_proof'))
    expect(await atDesk(made, officer, 'add_imei')).toEqual(err('imei_missing'))
    const given = second()
    expect(await atDesk(made, elsewhere, 'add_imei', given)).toEqual(err('not_found'))
    expect(await atDesk(made, officer, 'add_imei', given)).toEqual(ok(true))
    expect(await atDesk(made, officer, 'add_imei', given)).toEqual(err('imei_repeated'))
    const imeis = await db.caseImei.findMany({ where: { caseId: made.id }, orderBy: { ordinal: 'asc' } })
    expect(imeis).toMatchObject([{ isPublic: false }, { imei: given.imei.typed[0]?.imei, isPublic: false }])
    expect(await told(made)).toEqual(['add_imei', 'submitted'])
    await move(made.id, officer, { move: 'take' }, NOW)
    await expect(move(made.id, officer, { move: 'verify' }, NOW)).rejects.toThrow('own_writing')
    await move(made.id, supervisor, { move: 'verify' }, NOW)
  })

  test('is the consent that banks are told, of a number of the report alone, and its end', async () => {
    await makeStaff('auditor')
    await makeReceiver(await makeStaff('relay'), 'vietcombank', NOW)
    const made = await makeProvenCase({ now: NOW })
    const { officer, supervisor } = await makePolice()
    const share = { share: ['vietcombank'], shareNumber: 0 }
    for (const one of [officer, supervisor]) await discloseCase(one, opening(made), NOW)
    expect(await atDesk(made, officer, 'stop_banks')).toEqual(err('wrong_state'))
    expect(await atDesk(made, officer, 'tell_banks', { ...share, shareNumber: 1 })).toEqual(
      err({ faults: { shareNumber: 'alerts.number_empty' } }),
    )
    expect(await atDesk(made, officer, 'tell_banks', { share: [] })).toEqual(
      err({ faults: { share: 'alerts.none_chosen' } }),
    )
    expect(await atDesk(made, officer, 'tell_banks', share)).toEqual(ok(true))
    const shared = await sharedWith(citizenScope(made.id, 'full'), made.id)
    expect(shared).toMatchObject([{ receiverId: 'vietcombank', state: 'waiting' }])
    const allow = (by: StaffReader) => allowAlerts(by, { number: made.number, submitKey: randomUUID() }, NOW)
    expect(await allow(officer)).toEqual(err('own_writing'))
    expect(await allow(supervisor)).toEqual(ok(true))
    expect(await atDesk(made, officer, 'stop_banks')).toEqual(ok(true))
    expect(await told(made)).toEqual(['stop_banks', 'submitted', 'tell_banks'])
    expect(await db.alertConsent.findMany({ where: { caseId: made.id } })).toMatchObject([
      { withdrawnAt: NOW },
    ])
    const logged = { act: { in: ['share.given', 'share.withdrawn'] }, actorId: officer.id }
    expect(await db.auditEntry.count({ where: logged })).toBe(2)
    expect(await matchesAuditLog(await makeStaff('auditor'), made.id)).toBe(true)
  })
})

const opening = ({ number }: MadeCase) => ({
  ...{ number, submitKey: randomUUID(), reason: 'ownership' as const, note: '' },
})
