import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { findWaitingNotice } from '#features/notices/data.ts'
import { renderMail } from '#features/notices/templates.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import { inScope } from '#platform/scope.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  openAllSides,
  randomImei,
  stateOf,
  unblock,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { readCaseFile } from '../file/page-data.ts'
import { findCase } from '../record/data.ts'
import { type DecisionInput, decideCase } from './acts.ts'
import type { CaseDecision } from './rules.ts'

const now = new Date()

async function snapshotOf(id: string) {
  const c = await findCase(systemScope(), { id })
  if (!c) throw new Error('no such case')
  return c
}

async function decide(
  actor: StaffActor,
  id: string,
  decision: CaseDecision,
  input: Partial<DecisionInput> = {},
) {
  const { number, version } = await snapshotOf(id)
  const words = { reason: 'Đã đối chiếu giấy tờ.', check: AGREES, submitKey: randomUUID() }
  await openAllSides(actor, id, now)
  return decideCase(actor, { number, version, decision, ...words, ...input }, now)
}
const done = ok(true)

test('an officer takes and verifies, a supervisor approves, and not the other way round', async () => {
  const { officer, supervisor } = await makePolice()
  const { id } = await makeProvenCase()
  expect(await decide(officer, id, 'take')).toEqual(done)
  expect(await decide(officer, id, 'verify', { reason: '  ' })).toEqual(err('text_missing'))
  expect(await decide(officer, id, 'verify')).toEqual(done)
  expect(await decide(officer, id, 'approve')).toEqual(err('forbidden'))
  expect(await decide(supervisor, id, 'approve')).toEqual(done)
  expect(await stateOf(id)).toBe('blocking')
})

test('while the audit log cannot be sealed no phone is blocked, and everything else goes on', async () => {
  const { officer, supervisor } = await makePolice()
  const { id } = await makeProvenCase()
  const blocked = await makeBlockingCase({}, { officer, supervisor })
  await move(blocked.id, { kind: 'citizen' }, { move: 'request_unblock' })
  await superuser.query("UPDATE audit_entries SET at = at - interval '16 minutes'")
  expect(await decide(officer, blocked.id, 'verify_unblock', { reasonCode: 'recovered' })).toEqual(done)
  expect(await decide(supervisor, blocked.id, 'approve_unblock')).toEqual(done)
  expect(await decide(officer, id, 'take')).toEqual(done)
  expect(await decide(officer, id, 'verify')).toEqual(done)
  expect(await decide(supervisor, id, 'approve')).toEqual(err('unsealed'))
  const city = await makeStaff('city_police')
  expect(await decide(supervisor, id, 'confirm_hold')).toEqual(err('unsealed'))
  expect(await decide(city, id, 'uphold')).toEqual(err('unsealed'))
  expect(await stateOf(id)).toBe('verified')
  await sealLog()
  expect(await decide(supervisor, id, 'approve')).toEqual(done)
})

test('a supervisor who verified cannot approve; another one can', async () => {
  const { supervisor } = await makePolice()
  const second = await makeStaff('supervisor')
  const { id } = await makeProvenCase()
  await decide(supervisor, id, 'take')
  await decide(supervisor, id, 'verify')
  expect(await decide(supervisor, id, 'approve')).toEqual(err('own_verification'))
  expect(await decide(second, id, 'approve')).toEqual(done)
})

test('a case of another district is not there', async () => {
  const { officer } = await makePolice('quan-1')
  const { id, number } = await makeProvenCase({ unitId: 'quan-3' })
  expect(await decide(officer, id, 'take')).toEqual(err('not_found'))
  expect(await readCaseFile(officer, number, new Date())).toBeNull()
  expect(await decide(await makeStaff('city_police'), id, 'take')).toEqual(done)
})

test('roles that have no business with cases decide nothing', async () => {
  const { id } = await makeProvenCase()
  for (const role of [
    'relay',
    'auditor',
    'admin',
    'survey_manager',
    'agency_viewer',
    'carrier',
    'shop',
  ] as const) {
    expect(await decide(await makeStaff(role), id, 'take')).toEqual(err('forbidden'))
  }
  expect(await stateOf(id)).toBe('submitted')
})

test('two people at once: one wins, the other is told', async () => {
  const { officer } = await makePolice()
  const colleague = await makeStaff('officer')
  const { id, number } = await makeProvenCase()
  const { version } = await snapshotOf(id)
  const take = (actor: StaffActor) =>
    decideCase(actor, { number, version, decision: 'take', submitKey: randomUUID() }, now)
  const both = await Promise.all([take(officer), take(colleague)])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect(both).toContainEqual(err('changed'))
  expect(await db.caseEvent.count({ where: { caseId: id, move: 'take' } })).toBe(1)
})

test('one form sent five times at once decides once, and answers alike', async () => {
  const { officer } = await makePolice()
  const { id, number } = await makeProvenCase()
  const { version } = await snapshotOf(id)
  const form = { number, version, decision: 'take', submitKey: randomUUID() } as const
  const answers = await Promise.all(Array.from({ length: 5 }, () => decideCase(officer, form, now)))
  expect(answers).toEqual([done, done, done, done, done])
  expect((await snapshotOf(id)).version).toBe(version + 1)
})

test('a key that one person used is worth nothing to another', async () => {
  const { officer, supervisor } = await makePolice()
  const { id } = await makeProvenCase()
  const submitKey = randomUUID()
  await decide(officer, id, 'take', { submitKey })
  await expect(decide(supervisor, id, 'reassign', { submitKey })).rejects.toThrow('another act')
})

test('a refusal leaves nothing behind, and the same form can be mended and sent again', async () => {
  const { officer } = await makePolice()
  const { id } = await makeProvenCase()
  await decide(officer, id, 'take')
  const submitKey = randomUUID()
  const before = await db.auditEntry.count()
  expect(await decide(officer, id, 'reject', { submitKey })).toEqual(err('reason_code_missing'))
  expect(await decide(officer, id, 'reject', { submitKey, reasonCode: 'proof' })).toEqual(
    err('reason_code_missing'),
  )
  expect(await db.auditEntry.count()).toBe(before)
  expect(await decide(officer, id, 'reject', { submitKey, reasonCode: 'not_owner' })).toEqual(done)
})

test('a note is kept for colleagues, changes nothing else and is not told to the citizen', async () => {
  const { officer, supervisor } = await makePolice()
  const { id, number } = await makeProvenCase()
  const notices = await db.notice.count()
  expect(await decide(officer, id, 'note', { note: ' ' })).toEqual(err('note_missing'))
  expect(await decide(officer, id, 'note', { note: 'Gọi lại chiều nay.' })).toEqual(done)
  expect(await stateOf(id)).toBe('submitted')
  expect(await db.notice.count()).toBe(notices)
  const file = await readCaseFile(supervisor, number, new Date())
  expect(file?.events[0]).toMatchObject({ move: 'note', words: { note: 'Gọi lại chiều nay.' } })
  expect(file?.names.get(officer.id)).toBe(officer.name)
  const [event] = await db.caseEvent.findMany({ where: { caseId: id, move: 'note' } })
  expect(event?.visible).toBe(false)
  expect(Buffer.from(event?.sealed ?? []).toString()).not.toContain('chiều')
})

test('a code is kept only with the decision that asks for one', async () => {
  const { officer } = await makePolice()
  const { id } = await makeProvenCase()
  await decide(officer, id, 'take', { reasonCode: 'not_owner' })
  const [event] = await db.caseEvent.findMany({ where: { caseId: id, move: 'take' } })
  expect(event?.reasonCode).toBeNull()
})

test('a case is given to a colleague of its own district, by those who may', async () => {
  const { officer, supervisor } = await makePolice()
  const colleague = await makeStaff('officer')
  const stranger = await makeStaff('officer', { unitId: 'quan-1' })
  const { id } = await makeProvenCase()
  const give = (actor: StaffActor, to: StaffActor | null) =>
    decide(actor, id, 'reassign', { assigneeId: to?.id })
  expect(await give(officer, colleague)).toEqual(err('forbidden'))
  expect(await give(supervisor, stranger)).toEqual(err('assignee_invalid'))
  expect(await give(supervisor, null)).toEqual(err('assignee_invalid'))
  await db.staffAccount.update({ where: { id: colleague.id }, data: { active: false } })
  expect(await give(supervisor, colleague)).toEqual(err('assignee_invalid'))
  await db.staffAccount.update({ where: { id: colleague.id }, data: { active: true } })
  expect(await give(supervisor, colleague)).toEqual(done)
  expect((await snapshotOf(id)).assigneeId).toBe(colleague.id)
})

test('refusing an unblock leaves the block as it was, applied or still under way', async () => {
  const open = await makeBlockingCase()
  await move(open.id, { kind: 'citizen' }, { move: 'request_unblock' })
  expect(await decide(open.police.supervisor, open.id, 'refuse_unblock', { reasonCode: 'other' })).toEqual(
    done,
  )
  expect(await stateOf(open.id)).toBe('blocking')

  const settled = await makeBlockingCase()
  await move(settled.id, { kind: 'citizen' }, { move: 'request_unblock' })
  // The last carrier answers while police look at the request.
  await db.carrierOrder.updateMany({ where: { caseId: settled.id }, data: { state: 'applied' } })
  expect(
    await decide(settled.police.supervisor, settled.id, 'refuse_unblock', { reasonCode: 'other' }),
  ).toEqual(done)
  expect(await snapshotOf(settled.id)).toMatchObject({ state: 'blocked', blockedAt: now })
})

test('two claims on one phone verified at once: one is found good, and the other has to stand against it', async () => {
  const imei = randomImei()
  const { officer } = await makePolice()
  const first = await makeProvenCase({ imeis: [imei] })
  const rivals = [await makeProvenCase({ imeis: [imei] }), await makeProvenCase({ imeis: [imei] })]
  await decide(officer, first.id, 'take')
  await decide(officer, first.id, 'reject', { reasonCode: 'false_report' })
  const [one = '', two = ''] = rivals.map(({ id }) => id)
  const second = (await makePolice()).officer
  await decide(officer, one, 'take')
  await decide(second, two, 'take')
  const both = await Promise.all([decide(officer, one, 'verify'), decide(second, two, 'verify')])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect(both).toContainEqual(err('rival_proven'))
})

/** Reads the mail to a case's citizen about its last event, and the words of that event. */
async function lastWords(id: string) {
  const { number } = await snapshotOf(id)
  const event = (await readCaseFile(await makeStaff('city_police'), number, now))?.events[0]
  const told = await db.notice.findFirstOrThrow({ where: { caseId: id, template: event?.move ?? '' } })
  const waiting = await inScope(systemScope(), () => findWaitingNotice(told.id))
  if (!waiting) throw new Error('the message is not waiting')
  const { template, locale, params } = waiting
  return {
    mail: renderMail(template, locale, params, { url: 'https://antam.example' }).body,
    event,
  }
}

test('the message of an order calls nothing sent that waits for its letter', async () => {
  await db.carrier.update({ where: { id: 'gmobile' }, data: { way: 'letter' } })
  const made = await makeBlockingCase({ now })
  expect((await lastWords(made.id)).mail).toContain('gửi đến một số nhà mạng, còn lại đang chờ gửi')
  await unblock(made, now)
  expect((await lastWords(made.id)).mail).toContain('gửi đến một số nhà mạng, còn lại đang chờ gửi')
  await db.carrier.updateMany({ data: { way: 'letter' } })
  expect((await lastWords((await makeBlockingCase({ now })).id)).mail).toContain(
    'chưa nhà mạng nào nhận lệnh',
  )
})

test.each(['vi', 'en'] as const)(
  'a reason alone says enough: its text goes to the citizen in their language (%s)',
  async (language) => {
    const { officer } = await makePolice()
    const other = language === 'vi' ? 'en' : 'vi'
    const texts = catalogue[language]['case-reasons'].request_info
    for (const reason of ['', '  \n', texts.proof, catalogue[other]['case-reasons'].request_info.proof]) {
      const { id } = await makeProvenCase()
      await db.case.update({ where: { id }, data: { locale: language } })
      await decide(officer, id, 'take')
      // The officer works in the other language: the reader's language counts.
      const said = { reasonCode: 'proof', reason, language: other } as const
      expect(await decide(officer, id, 'request_info', said)).toEqual(done)
      const { mail, event } = await lastWords(id)
      expect(event).toMatchObject({ reasonCode: 'proof', words: { message: texts.proof } })
      expect(mail).toContain(texts.proof)
    }
  },
)

test.each(['vi', 'en'] as const)(
  'a rejection ends with every remedy and its day; the second one offers no review again (%s)',
  async (language) => {
    const { officer } = await makePolice()
    const { id } = await makeProvenCase()
    await db.case.update({ where: { id }, data: { locale: language } })
    await decide(officer, id, 'take')
    expect(await decide(officer, id, 'reject', { reasonCode: 'not_owner' })).toEqual(done)
    const day = (days: number) => formatInstant(language, addMilliseconds(now, days * DAY), 'date')
    const first = (await lastWords(id)).mail
    for (const part of [
      day(30),
      day(90),
      'Luật Khiếu nại 02/2011/QH13',
      'Luật Tố tụng hành chính 93/2015/QH13',
    ])
      expect(first).toContain(part)
    expect(first).toMatch(/gửi Trưởng Công an Quận 3|to the head of District 3 Police/)
    await move(id, { kind: 'citizen' }, { move: 'appeal', text: 'Xin xem lại.' }, now)
    const city = await makeStaff('city_police')
    await decide(city, id, 'take')
    expect(await decide(city, id, 'reject', { reasonCode: 'not_owner' })).toEqual(done)
    const notices = await db.notice.findMany({
      where: { caseId: id, template: 'reject' },
      orderBy: { createdAt: 'asc' },
    })
    const mails = await Promise.all(
      notices.map(async (one) => {
        const waiting = await inScope(systemScope(), () => findWaitingNotice(one.id))
        return renderMail('reject', language, waiting?.params ?? { number: '' }, {
          url: 'https://antam.example',
        }).body
      }),
    )
    const second = mails.find((mail) => mail !== first)
    expect(second).toMatch(/đã xem lại một lần|have reviewed it once/)
    expect(second).not.toContain(day(30))
    expect(second).toMatch(/gửi Giám đốc Công an Thành phố|to the Director of City Police/)
  },
)

test('a text that was edited goes out as it was written', async () => {
  const { officer } = await makePolice()
  const { id } = await makeProvenCase()
  await db.case.update({ where: { id }, data: { locale: 'en' } })
  await decide(officer, id, 'take')
  const reason = `${catalogue.vi['case-reasons'].reject.wrong_imei} Mời bạn đến 63 Lý Tự Trọng.`
  expect(await decide(officer, id, 'reject', { reasonCode: 'wrong_imei', reason })).toEqual(done)
  const { mail, event } = await lastWords(id)
  expect(event?.words).toEqual({ message: reason })
  expect(mail).toContain(reason)
})

test('a reason that says nothing by itself, or none at all, still wants words', async () => {
  const { officer, supervisor } = await makePolice()
  const { id } = await makeProvenCase()
  await decide(officer, id, 'take')
  const silent = { reason: '' }
  expect(await decide(officer, id, 'request_info', { ...silent, reasonCode: 'other' })).toEqual(
    err('text_missing'),
  )
  // A reason of another move has no words here.
  expect(await decide(officer, id, 'request_info', { ...silent, reasonCode: 'wrong_imei' })).toEqual(
    err('reason_code_missing'),
  )
  for (const reasonCode of [undefined, '', 'proof', 'constructor'])
    expect(await decide(officer, id, 'verify', { ...silent, reasonCode })).toEqual(err('text_missing'))
  expect(await decide(officer, id, 'verify', { ...silent, reasonCode: 'no_name' })).toEqual(done)
  // Only colleagues read it, so it is in the language of the desk.
  expect((await lastWords(id)).event).toMatchObject({
    reasonCode: 'no_name',
    words: { reason: catalogue.vi['case-reasons'].verify.no_name },
  })
  const back = { reason: 'Xem lại hóa đơn.', reasonCode: 'unclear_proof' }
  expect(await decide(supervisor, id, 'send_back', back)).toEqual(done)
  expect((await lastWords(id)).event).toMatchObject({
    reasonCode: 'unclear_proof',
    words: { reason: back.reason },
  })
  // An unknown code is not stored.
  await decide(officer, id, 'verify', { reasonCode: 'no such code' })
  expect((await lastWords(id)).event?.reasonCode).toBeNull()
})
