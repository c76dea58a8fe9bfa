import { behave } from '../demo-carrier.ts'
import { account, accounts, expect, expectAccessible, productUrl, test } from '../fixtures.ts'
import { decide, openProof, Report, staff } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'

async function asCarrier(carrier: string, path: string, body?: object) {
  const { apiKey } = accounts().find((one) => one.carrier === carrier) ?? account('carrier')
  const answer = await fetch(new URL(`/api/carrier/v1/${path}`, productUrl()), {
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

test('a phone is watched, seen, handed in by its holder and given back to its owner', async ({
  casePage,
  page: holder,
  signIn,
}) => {
  const report = new Report()
  const receipt = await report.file()
  await casePage.open(receipt)
  // Changing it back takes one press too.
  await casePage.do('watch', '')
  await casePage.do('block', '')
  await casePage.do('watch', '')
  await decide('officer', receipt.number, 'take')
  await decide('officer', receipt.number, 'verify', { reason: 'IMEI trên nhãn hộp khớp với hồ sơ.' })
  await decide('supervisor', receipt.number, 'approve', { reason: 'Đã xem lại giấy tờ.' })
  await casePage.waitFor('watching')
  const state = casePage.page.locator('[data-recovery-state]')
  await expect(state).toHaveAttribute('data-recovery-state', 'watching')
  await expectAccessible(casePage.page)

  const at = new Date().toISOString()
  const sighting = { imei: report.answers.imei1, at, kind: 'attach', area: 'Phường Bến Thành', served: true }
  const told = async () =>
    (await asCarrier('gmobile', 'sightings', { sightings: [sighting] })).body.results[0].status
  await expect.poll(told, { timeout: 30_000 }).toMatch(/recorded|duplicate/)
  const officer = await staff('officer', 'quan-3')
  const seen = async () =>
    (await openProof(officer, receipt.number)).body.includes('data-recovery-state="seen"')
  await expect.poll(seen, { timeout: 30_000 }).toBe(true)
  // The carrier passes the text on later. Until then, the page says that the code is on its way.
  behave('gmobile', 'apply', 20_000)
  const called = await officer.submit(
    await officer.open(`/quan-tri/ho-so/${receipt.number}`),
    'id="call-holder"',
  )
  expect(called.status, JSON.stringify(errorsOn(called))).toBe(303)
  await casePage.page.reload()
  await expect(state).toHaveAttribute('data-recovery-state', 'called')
  // Only police see the place.
  await expect(casePage.page.locator('main')).not.toContainText('Bến Thành')

  const code = /[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}/
  const file = await officer.open(`/quan-tri/ho-so/${receipt.number}`)
  expect(file.body).toContain('data-holder-notices="1"')
  const questions = await asCarrier('gmobile', 'questions?after=0&limit=1000')
  const asked = (questions.body.entries as { kind: string; imei?: string; text?: string }[]).find(
    (one) => one.kind === 'notify_holder' && one.imei === report.answers.imei1,
  )
  const [given = ''] = code.exec(asked?.text ?? '') ?? []
  behave('gmobile', 'apply')

  await holder.goto('/nop-may')
  await expectAccessible(holder)
  await holder.locator('[name="holderCode"]').fill('ABC')
  await holder.getByRole('button', { name: 'Xem' }).click()
  await expect(holder.locator('[data-error-for="holderCode"]')).toBeVisible()
  await holder.locator('[name="holderCode"]').fill('ABC-DEF-GHJ')
  await holder.getByRole('button', { name: 'Xem' }).click()
  await expect(holder.locator('[data-hand-in="unknown"]')).toBeVisible()
  await holder.goto('/nop-may')
  await holder.locator('[name="holderCode"]').fill(given)
  await holder.getByRole('button', { name: 'Xem' }).click()
  await expect(holder.locator('[data-hand-in="open"]')).toBeVisible()
  await expect(holder.locator('main')).not.toContainText(receipt.number)
  await holder.locator('[name="unitId"]').selectOption('quan-1')
  await holder.getByRole('button', { name: 'Chọn nơi này' }).click()
  await expect(holder.getByRole('heading', { name: /Mang máy đến/ })).toBeVisible()
  await expectAccessible(holder)

  const { page: desk } = await signIn(account('officer', 'quan-1'))
  await desk.goto('/quan-tri/tim-lai')
  await expectAccessible(desk)
  await desk.locator('[name="holderCode"]').fill(given)
  await desk.locator('[name="imei"]').fill(report.answers.imei1)
  await desk.locator('[name="custody"]').fill('Công an Quận 1, phòng 3')
  await desk.getByRole('button', { name: 'Nhận máy' }).click()
  const printed = await desk.getByRole('link', { name: /Giấy nhận máy/ }).getAttribute('href')
  expect((await desk.request.get(printed ?? '')).headers()['content-type']).toBe('application/pdf')
  expect((await holder.request.get(printed ?? '')).status()).toBe(404)
  await desk.locator('[name="nationalId"]').fill(report.answers.nationalId ?? '')
  await holder.reload()
  await expect(holder.locator('[data-hand-in="handed_in"]')).toBeVisible()
  const paper = await holder.request.get(`/api/hand-in/${given}?lang=vi`)
  expect(paper.headers()['content-type']).toBe('application/pdf')
  await holder.goto('/xac-minh?surrender=a.b.c')
  await expect(holder.locator('[data-surrender="unsigned"]')).toBeVisible()
  await desk.getByRole('button', { name: 'Đã trả máy' }).click()
  await expect(desk.locator('[data-found-state="returned"]').first()).toBeVisible()
  // The owner uses the browser that the holder used before.
  await casePage.open(receipt)
  await casePage.waitFor('unblock_review')
  // Nothing was blocked, so nothing is unblocked: the watch ends.
  await expect(casePage.page.locator('h1')).toHaveText('Công an đang xét dừng theo dõi máy')
  for (const part of ['.way', '.need', '.timeline', '[data-recovery-state]'])
    await expect(casePage.page.locator(part).last()).not.toContainText('mở chặn')
  await expect(state).toHaveAttribute('data-recovery-state', 'given_back')
})
