import { newImei } from '../answers.ts'
import { expect, expectWords, Report, STEP, test, visitor } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'

test('after five wrong codes the right one is refused, until there is a new one', async () => {
  const report = new Report()
  const page = await report.toCode()
  const right = await report.code()
  const wrong = right === '111111' ? '222222' : '111111'
  for (const code of [
    '',
    'abcdef',
    '12345',
    `${right}0`,
    '𝟙'.repeat(6),
    wrong,
    wrong,
    wrong,
    wrong,
    wrong,
    right,
  ]) {
    const answer = await report.who.submit(page, STEP, { contactCode: code, step: 'next' })
    expectWords(answer)
    expect(errorsOn(answer).contactCode, code).toBeTruthy()
    expect(answer.body).not.toContain(`value="${right}"`)
  }
  await report.who.submit(page, STEP, { step: 'another' })
  const fresh = await (async () => {
    await expect.poll(async () => report.code()).not.toBe(right)
    return report.code()
  })()
  const sent = await report.who.submit(page, STEP, { contactCode: fresh, step: 'next' })
  expect(sent.headers.get('location')).toBe('/bao-mat-may/dien-thoai')
})

test('a step that cannot be answered yet leads back, sent or opened', async () => {
  const report = new Report()
  const phone = await report.toPhone()
  for (const path of ['giay-to', 'nguoi-bao', 'ma-xac-nhan', 'xem-lai', 'da-luu']) {
    const page = await report.who.open(`/bao-mat-may/${path}`)
    expect(page.path, path).toBe('/bao-mat-may/dien-thoai')
  }
  for (const path of [
    '/bao-mat-may/gi-do',
    '/bao-mat-may/code',
    '/en/report/ma-xac-nhan',
    '/bao-mat-may/xem-lai/x',
  ]) {
    expectWords(await report.who.open(path), 404)
  }
  // The form of one step, with the fields of the last.
  const sent = await report.who.submit(phone, STEP, { ...report.consents, imei1: newImei(), step: 'send' })
  expect(await report.who.follow(sent)).not.toHaveProperty('path', expect.stringContaining('bien-nhan'))
  expect((await visitor().open('/bao-mat-may/xem-lai')).path).toBe('/bao-mat-may?fault=no_draft')
})

test('without consent nothing is sent, and each box says so', async () => {
  const report = new Report()
  const page = await report.toReview()
  const none = await report.who.submit(page, STEP, { step: 'send' })
  expectWords(none)
  expect(Object.keys(errorsOn(none)).toSorted()).toEqual([
    'consentCarriers',
    'consentProcessing',
    'declareTrue',
  ])
})

test('sent fifty times at once, it is one case', async () => {
  const report = new Report()
  const page = await report.toReview()
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => report.who.submit(page, STEP, report.consents)),
  )
  const receipts = new Set(answers.map((answer) => answer.headers.get('location')))
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 303))
  expect(receipts.size).toBe(1)
  expect([...receipts][0]).toContain('/bien-nhan/HCM-')
})

test('a second claim on a phone learns of the first only at the end, and nothing about it', async () => {
  const imei = newImei()
  const first = new Report({ imei1: imei, fullName: 'Lê Thị Đầu Tiên', imei2: '' })
  const { number } = await first.file()
  const second = new Report({ imei1: imei.slice(0, 14), imei2: '' })
  const review = await second.toReview()
  expect(review.body).not.toContain(number)
  const refused = await second.who.submit(review, STEP, second.consents)
  expectWords(refused)
  expect(errorsOn(refused).imei1).toBeTruthy()
  expect(refused.body).toContain('value="counterclaim"')
  for (const secret of [number, 'Đầu Tiên', first.answers.contactEmail])
    expect(refused.body).not.toContain(secret)
})
