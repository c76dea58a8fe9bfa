import { randomBytes } from 'node:crypto'
import { newWord } from '../answers.ts'
import { account } from '../fixtures.ts'
import {
  codeFor,
  expect,
  expectAlike,
  insisting,
  outbox,
  Report,
  STEP,
  staff,
  test,
  visitor,
} from '../forms/people.ts'
import type { Changes, Visitor } from '../forms/visitor.ts'

// The matrix test sends the forms that make its samples several times.

test('what a citizen sends several times is done once, and answered alike each time', {
  tag: ['@full'],
}, async () => {
  const insisted = await insisting(async () => {
    const report = new Report()
    const page = await report.toCode()
    const first = await report.code()
    await report.who.submit(page, STEP, { step: 'another' })
    const code = await outbox().code(report.answers.contactEmail, 1)
    // Only one more code was sent although the form was sent several times, and it is the valid one.
    expect(outbox().codesTo(report.answers.contactEmail)).toEqual([first, code])
    report.page = await report.who.open('/bao-mat-may/ma-xac-nhan')
    await report.confirm(code)
    await report.onToEvidence()
    await report.prove()
    const { number, secret } = await report.finish()

    const reader = visitor()
    const asked = await reader.submit(await reader.open('/ho-so/nhan-ma'), 'name="caseNumber"', {
      caseNumber: number,
    })
    const status = await reader.follow(asked)
    const contactCode = await outbox().code(report.answers.contactEmail, 2)
    await reader.submit(status, 'name="contactCode"', { contactCode })
    expect(outbox().codesTo(report.answers.contactEmail)).toHaveLength(3)

    const owner = visitor()
    const typed = { caseNumber: number, caseSecret: secret }
    const found = await owner.submit(await owner.open('/ho-so'), 'name="caseSecret"', typed)
    await owner.follow(found)
    for (const [act, message] of [
      ['ask_correction', 'Tên tôi viết sai một chữ.'],
      ['withdraw', 'Tôi đã tìm thấy máy.'],
      ['undo_withdraw', ''],
    ] as const) {
      const open = await owner.open(`/ho-so/${number}`)
      const done = await owner.follow(await owner.submit(open, `value="${act}"`, { act, message }))
      expect(done.body, act).not.toContain('data-error-summary')
    }
  })
  expect(insisted.length).toBeGreaterThan(10)
  for (const one of insisted) expectAlike(one)
})

test('what staff send several times is done once, and answered alike each time', {
  tag: ['@full'],
}, async () => {
  const insisted = await insisting(async () => {
    // Other tests depend on Gmobile's only key.
    const carrier = '/quan-tri/nha-mang/viettel'
    const relay = await staff('relay')
    const contactEmail = `truc.${randomBytes(4).toString('hex')}@viettel.example`
    const contact = { contactName: 'Trực ban', contactEmail, contactPhone: '0901234567' }
    await act(relay, 'relay', carrier, 'name="contactName"', contact)
    await act(relay, 'relay', carrier, 'id="issue"', {})
    const admin = await staff('admin')
    const person = { name: 'Lê Thị Mới', email: `moi-${newWord()}@congan.example`, role: 'auditor' }
    await act(admin, 'admin', '/quan-tri/tai-khoan', 'name="role"', person)
  })
  expect(insisted).toHaveLength(3)
  for (const one of insisted) expectAlike(one)
})

/** Sends the form that contains `marker`, with a code if it asks for one. */
async function act(who: Visitor, role: string, path: string, marker: string, typed: Changes): Promise<void> {
  const page = await who.open(path)
  const otp = await codeFor(account(role), page, marker)
  await who.submit(page, marker, { ...typed, otp })
}
