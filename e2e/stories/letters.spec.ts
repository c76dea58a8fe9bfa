import { newAnswers } from '../answers.ts'
import { behave } from '../demo-carrier.ts'
import { account, accounts, expect, expectAccessible, test } from '../fixtures.ts'
import { confirmAbout, decide, Report } from '../forms/people.ts'
import { reveal } from '../pages/report-pages.ts'
import type { StaffPages } from '../pages/staff-pages.ts'

const CARRIER = 'vietnamobile'
// Both tests take the same carrier offline, so they must not run in parallel.
test.describe.configure({ mode: 'default' })

async function choose(relay: StaffPages, way: 'letter' | 'pull'): Promise<void> {
  await relay.openSection(`nha-mang/${CARRIER}`)
  const choice = relay.page.locator(`[name="way"][value="${way}"]`)
  await reveal(choice)
  await choice.check()
  await relay.press(relay.page.locator('#delivery button'))
  await relay.page.waitForURL(/done=requested/)
  await confirmAbout('Vietnamobile', 'relay', undefined, 1)
  await relay.openSection(`nha-mang/${CARRIER}`)
}

for (const scripts of [true, false]) {
  // The forms are the same without scripts. shop.spec.ts and the hostile tests cover the staff's plain forms.
  const tag = scripts ? [] : ['@full']
  test.describe(scripts ? 'with JavaScript' : 'without JavaScript', { tag }, () => {
    test.use({ javaScriptEnabled: scripts })

    test('an order goes by letter: the citizen reads how far it is, and that it is done once the answer is entered', async ({
      signIn,
      casePage,
    }) => {
      const receipt = await new Report(newAnswers()).file()
      await decide('officer', receipt.number, 'take')
      await decide('officer', receipt.number, 'verify', { reason: 'Số trên hộp khớp.' })
      const relay = await signIn(account('relay'))
      const { page } = relay
      behave(CARRIER, 'away')
      try {
        await choose(relay, 'letter')
        // Meanwhile, the carrier's old key is refused.
        const apiKey = accounts().find((one) => one.carrier === CARRIER)?.apiKey
        const headers = { authorization: `Bearer ${apiKey}` }
        const answer = await page.request.get('/api/carrier/v1/changes', { headers })
        expect([answer.status(), await answer.json()]).toMatchObject([
          403,
          { type: expect.stringMatching(/by-letter$/) },
        ])
        await decide('supervisor', receipt.number, 'approve', { reason: 'Đồng ý.' })
        await casePage.open(receipt)
        const reads = async () => {
          await casePage.page.reload()
          return (await casePage.carrierStates())[CARRIER]
        }
        expect(await reads()).toBe('queued')
        await expect(casePage.page.getByText('Chờ gửi công văn')).toBeVisible()

        await relay.openSection('lenh/cong-van')
        await page.locator(`[data-carrier="${CARRIER}"] button`).click()
        await page.waitForURL(/\/cong-van\/[0-9a-f-]{36}$/)
        const state = page.locator('[data-letter-state]')
        const drawn = async () => {
          await page.reload()
          return state.getAttribute('data-letter-state')
        }
        await expect.poll(drawn).toBe('made')
        expect(await reads()).toBe('queued')
        await page.locator('[name="handedBy"]').selectOption('courier')
        await page.locator('form:has([name="handedBy"]) button').click()
        await expect(state).toHaveAttribute('data-letter-state', 'handed')
        if (scripts) await expectAccessible(page)
        expect(await reads()).toBe('sent')
        const handed = page.url()
        await relay.openSection('lenh/cong-van')
        await expect(page.locator('[data-letter-state="handed"] time').first()).toHaveText(/^còn \d/)
        await page.goto(handed)

        const letter = (await page.locator('h1').textContent()) ?? ''
        await page.locator('main td a').last().click()
        await expect(page.locator('[data-order-state="sent"]')).toBeVisible()
        if (scripts) await expectAccessible(page)
        await page.getByRole('link', { name: letter.trim() }).click()
        await page.locator('[name="letterOutcome"]').selectOption('applied')
        await page.locator('form:has([name="letterOutcome"]) button').click()
        await expect(state).toHaveAttribute('data-letter-state', 'answered')
      } finally {
        behave(CARRIER, 'apply')
        await choose(relay, 'pull')
      }
      await casePage.waitFor('blocked')
      await expect(casePage.page.locator(`[data-carrier="${CARRIER}"]`)).toContainText('Đã chặn')
    })
  })
}
