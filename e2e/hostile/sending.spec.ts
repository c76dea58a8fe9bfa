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
  // The form of one step, with the fields of the last step.
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

test('a second report of a phone is taken like one of a phone that nobody has claimed, and says nothing of the first', async () => {
  const imei = newImei()
  const first = new Report({ imei1: imei, fullName: 'Lê Thị Đầu Tiên', imei2: '' })
  const { number } = await first.file()
  const beside = new Report({ imei1: imei.slice(0, 14), imei2: '' })
  const alone = new Report({ imei2: '' })
  const pages: string[] = []
  for (const report of [beside, alone]) {
    const review = await report.toReview()
    expect(review.body).not.toContain(number)
    const sent = await report.who.submit(review, STEP, report.consents)
    expect(sent.status).toBe(303)
    const receipt = await report.who.follow(sent)
    expect(receipt.body).toContain('data-case-secret=')
    for (const secret of [number, 'Đầu Tiên', first.answers.contactEmail])
      expect(receipt.body).not.toContain(secret)
    pages.push(sent.headers.get('location')?.replace(/HCM-[-0-9A-Z]+/, '') ?? '')
  }
  expect(pages[0]).toBe(pages[1])
})

test('one draft after another tells nobody which phone has a claim, whatever else it names', async () => {
  const [own, target, free] = [newImei(), newImei(), newImei()]
  await new Report({ imei1: own, imei2: '' }).file()
  await new Report({ imei1: target, imei2: '' }).file()
  const answers: number[] = []
  for (const imei2 of [target, free]) {
    const probe = new Report({ imei1: own, imei2 })
    const sent = await probe.who.submit(await probe.toReview(), STEP, probe.consents)
    answers.push(sent.status)
    expect(errorsOn(sent)).toEqual({})
  }
  expect(answers).toEqual([303, 303])
})

test('a report by a contact that has a case on the phone leads to that case, and makes no second one', async () => {
  const first = new Report({ imei2: '' })
  const { number } = await first.file()
  const again = new Report({ ...first.answers })
  const sent = await again.who.submit(await again.toReview(), STEP, again.consents)
  expect(sent.status).toBe(303)
  expect(sent.headers.get('location')).toContain(`/ho-so/${number}`)
})
