import { readFileSync } from 'node:fs'
import { unzipSync } from 'fflate'
import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { decide, Report, visitor } from '../forms/people.ts'
import { reveal } from '../pages/report-pages.ts'

test('a person takes their data along and asks for its erasure; a supervisor decides', async ({
  casePage,
  signIn,
}) => {
  const answers = newAnswers()
  const receipt = await new Report(answers).file()
  await casePage.open(receipt)
  const card = casePage.page.locator('a[href*="/api/case/data?format=json"]')
  await reveal(card)
  const [download] = await Promise.all([casePage.page.waitForEvent('download'), card.click()])
  const data = JSON.parse(readFileSync(await download.path(), 'utf8'))
  expect(data).toMatchObject({
    format: 'an-tam/personal-data/1',
    case: { number: receipt.number },
    person: { fullName: answers.fullName },
  })
  expect(data.evidence[0].sha256).toMatch(/^[0-9a-f]{64}$/)
  const [archive] = await Promise.all([
    casePage.page.waitForEvent('download'),
    casePage.page.locator('a[href*="/api/case/data?format=zip"]').click(),
  ])
  expect(Object.keys(unzipSync(readFileSync(await archive.path())))).toEqual([
    `an-tam-${receipt.number}.json`,
    expect.stringMatching(/^files\/01-/),
  ])
  // While the case is open, the page explains why it cannot be erased and offers no request.
  await expect(casePage.act('ask_erasure')).toHaveCount(0)

  await decide('officer', receipt.number, 'take')
  await decide('officer', receipt.number, 'reject', { reasonCode: 'other', reason: 'Chưa đủ giấy tờ.' })
  await casePage.waitFor('rejected')
  await casePage.do('ask_erasure', 'Tôi không cần nữa.')
  const asked = casePage.page.locator('[data-data-request="erase"]')
  await expect(asked).toHaveAttribute('data-data-request-state', 'open')

  const supervisor = await signIn(account('supervisor', 'quan-3', 0))
  await supervisor.openSection(`${supervisor.casesPath}/yeu-cau-du-lieu`)
  await supervisor.page.locator(`main a[href$="${receipt.number}"]`).click()
  const form = supervisor.page.locator('form:has([value="grant_data_request"])')
  await form.locator('[name="reason"]').fill('Chờ đơn vị khác trả lời.')
  await supervisor.decision('extend_data_request').click()
  await supervisor.page.waitForURL((url) => url.searchParams.get('done') === 'data_extended')
  await expect(supervisor.decision('extend_data_request')).toHaveCount(0)
  await expectAccessible(supervisor.page)
  await form.locator('[name="reason"]').fill('Hồ sơ đã kết thúc.')
  await supervisor.decision('grant_data_request').click()
  await supervisor.page.waitForURL((url) => url.searchParams.get('done') === 'data_proposed')
  // A second person confirms the answer that the first one wrote. Until then nothing is decided.
  await expect(supervisor.decision('grant_data_request')).toHaveCount(0)
  await casePage.page.reload()
  await expect(asked).toHaveAttribute('data-data-request-state', 'open')
  const second = await signIn(account('supervisor', 'quan-3', 1))
  await second.openCase(receipt.number)
  const proposed = second.page.locator('[data-data-request="erase"]')
  await expect(proposed).toContainText('Hồ sơ đã kết thúc.')
  await second.press(proposed.locator('form button').first())
  await second.page.waitForURL((url) => url.searchParams.get('done') === 'confirmed')
  await casePage.page.reload()
  await expect(asked).toHaveAttribute('data-data-request-state', 'granted')
  for (const reason of ['Chờ đơn vị khác trả lời.', 'Hồ sơ đã kết thúc.'])
    await expect(casePage.page.locator('main')).toContainText(reason)
})

// features/papers/acts.test.ts tests the same without a browser.
test('of twelve exports at once some are drawn, the others are told when to come again, and readers read on', {
  tag: ['@full'],
}, async () => {
  const receipt = await new Report().file()
  const who = visitor()
  await who.follow(await who.send(`/k/${receipt.number}.${receipt.secret}`))
  const accept = { headers: { accept: 'text/html' } }
  const exports = Array.from({ length: 12 }, () => who.send('/api/case/data?format=pdf', accept))
  const pages = Array.from({ length: 12 }, () => visitor().send('/kiem-tra-imei'))
  for (const page of await Promise.all(pages)) expect(page.status).toBe(200)
  const answers = await Promise.all(exports)
  const drawn = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 503)
  expect(drawn.length + refused.length, answers.map(({ status }) => status).join()).toBe(12)
  expect(drawn.length).toBeGreaterThan(0)
  expect(refused.length).toBeGreaterThan(0)
  for (const { body } of drawn) expect(body.startsWith('%PDF-')).toBe(true)
  for (const { headers, body } of refused) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(body).toContain('Hệ thống đang bận')
  }
})
