import type { Page } from '@playwright/test'
import { pathFor } from '#messages/paths.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

const ANSWERS = { r1: '5', r2: 'ontime', r3: '0', r4: '4', r5: '4', r6: 'right' }

/** Binds a kiosk as the survey's manager does, on their page. Answers its link and the code that pairs a device with it. */
async function bind(
  manager: Page,
  language: 'vi' | 'en',
  agency: string,
): Promise<{ readonly link: string; readonly code: string }> {
  await manager.goto(pathFor(language, '/admin/survey/kiosks'))
  await manager.locator('select[name="agencyId"]').selectOption(agency)
  await manager.locator('input[name="counter"]').fill('Quầy 3')
  await manager.locator('form:has(select[name="agencyId"]) button[type="submit"]').click()
  await expect(manager.locator('[data-kiosk-link]')).toBeVisible()
  return {
    link: (await manager.locator('[data-kiosk-link]').getAttribute('data-kiosk-link')) ?? '',
    code: (await manager.locator('[data-kiosk-code]').getAttribute('data-kiosk-code')) ?? '',
  }
}

/** Opens a kiosk's page on a device and pairs it. */
async function pair(
  page: Page,
  { link, code }: { readonly link: string; readonly code: string },
): Promise<void> {
  await page.goto(link)
  await page.locator('[data-kiosk-pairing] input[name="code"]').fill(code)
  await page.locator('[data-kiosk-pairing] button').click()
  await expect(page.locator('.kiosk-form')).toBeVisible()
}

/** The addresses that a kiosk's device keeps for opening without a network. */
const keptOnDevice = (page: Page) =>
  page.evaluate(async () => {
    const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)))
    return (await Promise.all(caches.map((cache) => cache.keys()))).flat().map(({ url }) => url)
  })

test('a kiosk opens on no device without a script, and leads to the questionnaire for everybody', {
  tag: ['@without-javascript'],
}, async ({ signIn, page, language, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, 'with a script it asks for its code')
  const { link } = await bind((await signIn(account('survey_manager'))).page, language, 'quan-4')
  await page.goto(link)
  await expect(page.locator('[data-kiosk-closed]')).toBeVisible()
  await expect(page.locator('.kiosk-form')).toHaveCount(0)
  await expectAccessible(page)
  await page.locator('[data-kiosk-closed] a').click()
  await expect(page.locator('input[name="r1"]').first()).toBeAttached()
})

test('a kiosk has one device, until its manager makes another code', async ({
  signIn,
  page,
  browser,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  const manager = (await signIn(account('survey_manager'))).page
  const kiosk = await bind(manager, language, 'quan-10')
  await page.goto(kiosk.link)
  await page.locator('[data-kiosk-pairing]').waitFor()
  await expectAccessible(page)
  await page.locator('[data-kiosk-pairing] input[name="code"]').fill('00000000')
  await page.locator('[data-kiosk-pairing] button').click()
  await expect(page.locator('[data-kiosk-pairing] [aria-invalid="true"]')).toBeVisible()
  await pair(page, kiosk)
  // The same link on another device, the code that was used in hand.
  const other = await (await browser.newContext()).newPage()
  await other.goto(new URL(kiosk.link, page.url()).href)
  await expect(other.locator('[data-kiosk-closed]')).toBeVisible()
  await expect(other.locator('.kiosk-form, [data-kiosk-pairing]')).toHaveCount(0)
  // A new code parts the first device.
  await manager.reload()
  await expect(manager.locator('[data-kiosk-code]')).toHaveCount(0)
  await manager.locator('main form button[type="submit"]').click()
  const code = (await manager.locator('[data-kiosk-code]').getAttribute('data-kiosk-code')) ?? ''
  expect(code).not.toBe(kiosk.code)
  await pair(other, { link: new URL(kiosk.link, page.url()).href, code })
  await page.reload()
  await expect(page.locator('[data-kiosk-closed]')).toBeVisible()
  await other.context().close()
})

test('a manager binds a kiosk; it takes answers one after the other, through a network break too', async ({
  signIn,
  rating,
  page,
  language,
  javaScriptEnabled,
  viewport,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  const isNarrow = (viewport?.width ?? 0) < 600
  const manager = (await signIn(account('survey_manager'))).page
  const kiosk = await bind(manager, language, 'quan-5')
  const { link } = kiosk
  await expectAccessible(manager)

  await pair(page, kiosk)
  await expectAccessible(page)
  // The last person's answers are removed by one press, on any question.
  await rating.answer({ r1: '2', r2: 'early' })
  await page.locator('[data-kiosk-again]').nth(1).click()
  await expect(page.locator('input:checked')).toHaveCount(0)
  await rating.answer({ r1: '5' })
  await rating.send()
  // Told what is missing, in words beside each, with what was chosen still there.
  for (const key of ['r2', 'r3', 'r4', 'r5', 'r6']) await expect(rating.error(key)).toBeVisible()
  await expect(rating.error('r1')).toHaveCount(0)
  await expect(page.getByRole('radiogroup').nth(1)).toHaveAttribute('aria-invalid', 'true')
  await expect(page.locator('input[name="r1"][value="5"]')).toBeChecked()
  await expectAccessible(page)
  await expect(page.locator('.kiosk-open')).toContainText(
    language === 'vi' ? /câu 2, 3, 4, 5, 6\./ : /2, 3, 4, 5, 6\./,
  )
  const [notice, asked] = await Promise.all(
    ['.kiosk-open', '.field[data-invalid]'].map((part) => page.locator(part).first().boundingBox()),
  )
  // A phone has no room for the whole question and the message; a kiosk is a tablet.
  const end = (asked?.y ?? 0) + (isNarrow ? 0 : (asked?.height ?? 0))
  expect(end).toBeLessThanOrEqual(notice?.y ?? 0)
  await rating.answer({ r2: 'early' })
  await expect(rating.error('r2')).toHaveCount(0)
  await expect(page.locator('.kiosk-open')).toContainText(/ 3, 4, 5, 6\./)
  await rating.answer(ANSWERS)
  await expect(page.locator('[data-kiosk-screen="asking"]')).toBeAttached()
  await expect.poll(() => keptOnDevice(page)).toContainEqual(expect.stringContaining('?kiosk='))
  await page.context().setOffline(true)
  await rating.send()
  await expect(page.locator('[data-kiosk-screen="thanks"]')).toBeVisible()
  // A hand that is still on it does not keep the next person from the form, who finds nothing of it.
  await page.locator('.kiosk-cover').click()
  await expect(page.locator('.kiosk-cover')).toHaveCount(0, { timeout: 20_000 })
  await expect(page.locator('input:checked')).toHaveCount(0)
  await expect(page.locator('[data-kiosk-line="broken"]')).toBeAttached()
  // A device that is restarted meanwhile shows the questions all the same, and keeps its answers.
  await page.reload()
  await expect(page.locator('[data-kiosk-line="broken"]')).toBeAttached()
  expect(await page.evaluate(() => document.fonts.size > 0 && getComputedStyle(document.body).margin)).toBe(
    '0px',
  )
  await expect(page.locator('input:checked')).toHaveCount(0)
  await rating.answer(ANSWERS)
  await rating.send()
  await expect(page.locator('[data-kiosk-screen="thanks"] .kiosk-cover')).toBeVisible()
  const sent: number[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('/api/kiosk')) sent.push(response.status())
  })
  await page.context().setOffline(false)
  await expect(page.locator('[data-kiosk-line="open"]')).toBeAttached({ timeout: 60_000 })
  // The second may have been too near the first, as the device was restarted between them: it is moved, not lost.
  expect(sent.filter((status) => status !== 429)).toEqual([200, 200])
  expect(await page.evaluate(() => localStorage.getItem('an-tam-kiosk-quan-5'))).toBe('[]')
  // Kept are the page and the build's files, and nothing by the pages that are no kiosk's.
  const kept = await keptOnDevice(page)
  expect(kept.filter((url) => !/\/_next\/static\/|\?kiosk=[^&]+$/.test(url))).toEqual([])
  await page.goto(pathFor(language, { pathname: '/rate/[agency]', params: { agency: 'quan-5' } }))
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null)

  await page.goto(link.replace(/.{4}$/, 'AAAA'))
  await expect(page.locator('[data-kiosk-refused="forged"]')).toBeVisible()
  await manager.goto(pathFor(language, '/admin/survey/kiosks'))
  const id = /kiosk=([0-9a-f-]{36})/.exec(link)?.[1]
  await manager.locator(`[data-kiosk="${id}"] button`).click()
  await expect(manager.locator(`[data-kiosk="${id}"][data-kiosk-state="revoked"]`)).toBeVisible()
  await expect(manager.locator('[data-done]')).toBeVisible()
  await page.goto(link)
  await expect(page.locator('[data-kiosk-refused="revoked"]')).toBeVisible()
  await expect.poll(() => keptOnDevice(page)).toEqual([])
})

test('a kiosk whose device keeps nothing sends at once, says what it could not send, and sends it later', async ({
  signIn,
  rating,
  page,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script nothing is kept on the device')
  const kiosk = await bind((await signIn(account('survey_manager'))).page, language, 'quan-6')
  await page.addInitScript(() => {
    for (const method of ['getItem', 'setItem'] as const) {
      Storage.prototype[method] = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    }
  })
  await pair(page, kiosk)
  await rating.answer(ANSWERS)
  const sent = page.waitForResponse((response) => response.url().endsWith('/api/kiosk'))
  await rating.send()
  expect((await sent).status()).toBe(200)
  await expect(page.locator('[data-kiosk-screen="thanks"] .kiosk-cover')).toBeVisible()
  await expect(page.locator('.kiosk-cover')).toHaveCount(0, { timeout: 20_000 })

  await page.context().setOffline(true)
  await rating.answer(ANSWERS)
  await rating.send()
  await expect(page.locator('[data-kiosk-screen="unsent"] [role="alert"]')).toBeVisible()
  await expectAccessible(page)
  await expect(page.locator('.kiosk-cover')).toHaveCount(0, { timeout: 30_000 })
  await expect(page.locator('input:checked')).toHaveCount(0)
  await expect(page.locator('[data-kiosk-line="unkept"] [role="status"]')).toBeVisible()
  const later = page.waitForResponse((response) => response.url().endsWith('/api/kiosk'))
  await page.context().setOffline(false)
  expect((await later).status()).toBe(200)
  await expect(page.locator('[data-kiosk-line="open"]')).toBeAttached()
})

test('the first question is whole on its screen, with the way on and the way back', async ({
  signIn,
  page,
  language,
}) => {
  await pair(page, await bind((await signIn(account('survey_manager'))).page, language, 'quan-9'))
  await expect(page.locator('.kiosk-idle')).toContainText('45')
  for (const [width, height] of [
    [1280, 800],
    [1024, 768],
    [768, 1024],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const way of await page.locator('.kiosk-question').first().locator('.kiosk-next a').all()) {
      const box = await way.boundingBox()
      expect((box?.y ?? height) + (box?.height ?? 0), `at ${width} × ${height}`).toBeLessThanOrEqual(height)
    }
  }
})

test('the answers of a question stand on one line, or each on its own, also in large letters', {
  tag: ['@phone'],
}, async ({ signIn, page, language }) => {
  await pair(page, await bind((await signIn(account('survey_manager'))).page, language, 'quan-7'))
  /** Counts the lines that the five steps of each scale take, and the labels that are cut. */
  const look = () =>
    page.evaluate(() => ({
      lines: ['r1', 'r2', 'r4', 'r5'].map((name) => {
        const steps = [...document.querySelectorAll(`.choice:has([name="${name}"]:not([value="na"]))`)]
        return new Set(steps.map((step) => Math.round(step.getBoundingClientRect().top))).size
      }),
      widths: new Set(
        [...document.querySelectorAll('.choice:has([name="r1"])')].map((step) =>
          Math.round(step.getBoundingClientRect().width),
        ),
      ).size,
      cut: [...document.querySelectorAll('.choice')].filter((one) => one.scrollWidth > one.clientWidth)
        .length,
    }))
  for (const [width, lines] of [
    [1280, 1],
    [1024, 1],
    [960, 1],
    [768, 5],
    [360, 5],
  ] as const) {
    await page.setViewportSize({ width, height: 768 })
    expect([width, await look()]).toEqual([width, { lines: Array(4).fill(lines), widths: 1, cut: 0 }])
  }
  await page.setViewportSize({ width: 1280, height: 768 })
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '225%'
  })
  expect(await look()).toEqual({ lines: Array(4).fill(5), widths: 1, cut: 0 })
})

test('a person who reads the other language finds it, and the next person the kiosk as it was', async ({
  signIn,
  rating,
  page,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  const kiosk = await bind((await signIn(account('survey_manager'))).page, language, 'quan-8')
  const [other, own] = language === 'vi' ? ['en', 'vi'] : ['vi', 'en']
  await pair(page, kiosk)
  await page.locator('.kiosk-language a').click()
  await expect(page.locator(`html[lang="${other}"] .kiosk`)).toBeVisible()
  await expectAccessible(page)
  // Back and forth leads nowhere else.
  await page.locator('.kiosk-language a').click()
  await expect(page.locator(`html[lang="${own}"] .kiosk`)).toBeVisible()
  await page.locator('.kiosk-language a').click()
  await expect(page.locator(`html[lang="${other}"] .kiosk`)).toBeVisible()
  await rating.answer(ANSWERS)
  await rating.send()
  await expect(page.locator('[data-kiosk-screen="thanks"] .kiosk-cover')).toBeVisible()
  await expect(page.locator(`html[lang="${own}"] .kiosk`)).toBeVisible()
  // Without a network it stays, and says so.
  await page.context().setOffline(true)
  await page.locator('.kiosk-language a').click()
  await expect(page.locator('.kiosk-language [role="status"]')).toBeVisible()
  await page.context().setOffline(false)
  await expect(page.locator('input:checked')).toHaveCount(0)
})
