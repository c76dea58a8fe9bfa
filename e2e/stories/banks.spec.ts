import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataDir, expect, expectAccessible, test } from '../fixtures.ts'
import { decide, openProof, Report, STEP, staff } from '../forms/people.ts'
import { errorsOn } from '../forms/visitor.ts'
import { CasePage } from '../pages/case-page.ts'

/** Sets what a demo bank answers from now on (tools/carriers/receiver.ts). */
const answering = (receiver: string, outcome: string): void =>
  writeFileSync(join(dataDir(), 'eir', `${receiver}.receiver.json`), JSON.stringify({ outcome }))

const NUMBER = '0901 234 567'

test.describe('with a script, wide and light', () => {
  test.use({ language: 'vi' })

  test('a person lets banks be told, and reads what each has answered', async ({ page }) => {
    answering('momo', 'locked')
    answering('vietcombank', 'call_needed')
    const report = new Report()
    const review = await report.toReview()
    expect(review.body).toContain('name="share"')

    // The error is shown beside its field, and nothing is sent.
    const refused = await report.who.submit(review, STEP, {
      ...report.consents,
      share: ['momo'],
      shareNumber: '12',
    })
    expect(errorsOn(refused)).toHaveProperty('shareNumber')
    const typed = await report.who.submit(review, STEP, {
      ...report.consents,
      share: ['bank-of-nowhere'],
      shareNumber: NUMBER,
    })
    expect(errorsOn(typed)).toHaveProperty('share')

    const sent = await report.who.submit(review, STEP, {
      ...report.consents,
      share: ['momo'],
      shareNumber: NUMBER,
    })
    const receipt = await report.who.follow(sent)
    const [number = '', secret = ''] = ['number', 'secret'].map(
      (part) => new RegExp(`data-case-${part}="([^"]+)"`).exec(receipt.body)?.[1],
    )
    const track = new CasePage(page, 'vi')
    await track.open({ number, secret })
    const momo = page.locator('li[data-receiver="momo"]')
    await expect(momo).toHaveAttribute('data-receiver-state', 'waiting')
    await expectAccessible(page)

    // Another bank is chosen on the case page.
    const card = page.locator('#banks-told')
    await card.locator('summary').click()
    await card.locator('[name="share"][value="vietcombank"]').check()
    await card.locator('[name="shareNumber"]').fill(NUMBER)
    await card.locator('form#share button').click()
    await expect(page.locator('li[data-receiver="vietcombank"]')).toHaveAttribute(
      'data-receiver-state',
      'waiting',
    )

    // An officer who has the papers open lets the alerts be sent.
    await decide('officer', number, 'take')
    const officer = await staff('officer', 'quan-3')
    const file = await openProof(officer, number)
    expect(file.body).toContain('data-alerts-wait')
    const allowed = await officer.submit(file, 'id="allow-alerts"')
    expect(allowed.status).toBe(303)
    expect((await officer.follow(allowed)).body).not.toContain('data-alerts-wait')

    const outcome = async (receiver: string) => {
      await page.reload()
      return page.locator(`li[data-receiver="${receiver}"]`).getAttribute('data-receiver-outcome')
    }
    await expect.poll(() => outcome('momo'), { timeout: 60_000 }).toBe('locked')
    await expect.poll(() => outcome('vietcombank'), { timeout: 60_000 }).toBe('call_needed')
    await expect(page.locator('[data-secured]')).toHaveAttribute('data-secured', /money/)
    await page.goto('/gio-dau')
    await expect(page.locator('[data-locked="momo"]')).toBeVisible()
    await expect(page.locator('[name="secured"][value="money"]')).toBeChecked()

    // After the withdrawal, the bank gets no further message.
    await page.goBack()
    await momo.locator('button').click()
    await expect(momo).toHaveAttribute('data-receiver-state', 'withdrawn')
  })

  test('the relay sees what was sent and answered, and is refused an address within a network', async () => {
    const relay = await staff('relay')
    const list = await relay.open('/quan-tri/ngan-hang')
    expect(list.body).toContain('data-receiver="momo"')
    const added = await relay.submit(list, 'name="receiverId"', { receiverId: 'bidv' })
    expect(added.headers.get('location')).toContain('/quan-tri/ngan-hang/bidv')
    const sheet = await relay.follow(added)
    expect(sheet.body).toContain('data-push-state="reads"')
    const wrong = await relay.submit(sheet, 'id="address"', { url: 'http://10.0.0.1/' })
    expect(Object.keys(errorsOn(wrong)).length).toBeGreaterThan(0)
  })
})
