import type { Page } from '@playwright/test'
import { pathFor } from '#messages/paths.ts'
import { account, expect, expectAccessible, productUrl, test } from '../fixtures.ts'

const ANSWERS = { r1: '5', r2: 'ontime', r3: '0', r4: '4', r5: '4', r6: 'right' }

/** Binds a kiosk on the survey manager's page. Returns its link and the code that pairs a device with it. */
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

async function pair(
  page: Page,
  { link, code }: { readonly link: string; readonly code: string },
): Promise<void> {
  await page.goto(link)
  await page.locator('[data-kiosk-pairing] input[name="code"]').fill(code)
  await page.locator('[data-kiosk-pairing] button').click()
  await expect(page.locator('.kiosk-screen')).toBeVisible()
}

/** Answers each question by touch, and waits each time until the next question accepts a touch. Returns the number of touches. */
async function touch(page: Page, answers: Readonly<Record<string, string>> = ANSWERS): Promise<number> {
  for (const [key, code] of Object.entries(answers)) {
    await page.locator(`button[name="${key}"][value="${code}"]`).click()
    await expect(page.locator(`[data-kiosk-question="${key}"]`)).toHaveCount(0)
    await page.waitForTimeout(300)
  }
  return Object.keys(answers).length
}

const send = (page: Page) => page.locator('[data-kiosk-send]').click()
const screen = (page: Page, name: string) => page.locator(`[data-kiosk-screen="${name}"]`)
/** The first question without any answer, as each new person must find it. */
const untouched = (page: Page) => page.locator('[data-idle]:not(:has([aria-pressed="true"][name]))')

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
  await expect(page.locator('.kiosk-screen')).toHaveCount(0)
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
  // The same link on another device, with the used code.
  const other = await (await browser.newContext()).newPage()
  await other.goto(new URL(kiosk.link, page.url()).href)
  await expect(other.locator('[data-kiosk-closed]')).toBeVisible()
  await expect(other.locator('.kiosk-screen, [data-kiosk-pairing]')).toHaveCount(0)
  // A new code disconnects the first device.
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

test('a kiosk’s day: seven touches a person, through a network break and a restart, to its revocation', async ({
  signIn,
  page,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  const manager = (await signIn(account('survey_manager'))).page
  const kiosk = await bind(manager, language, 'quan-5')
  const { link } = kiosk
  await expectAccessible(manager)

  await pair(page, kiosk)
  await expectAccessible(page)
  // The first touch is an answer. Another within 400 ms changes it. Only one question is visible.
  await page.locator('button[name="r1"][value="2"]').click()
  await page.locator('button[name="r1"][value="4"]').click()
  await expect(page.locator('[data-kiosk-question="r2"]')).toBeVisible()
  await expect(page.locator('button[name="r1"]')).toHaveCount(0)
  await expectAccessible(page)
  await page.waitForTimeout(300)
  await page.locator('[data-kiosk-back]').click()
  await expect(page.locator('button[name="r1"][aria-pressed="true"]')).toHaveAttribute('value', '4')
  await page.waitForTimeout(300)
  await touch(page, { r1: '4', r2: 'early' })
  // One press on any question removes the last person's answers.
  await page.locator('[data-kiosk-again]').click()
  await expect(untouched(page)).toBeVisible()
  await page.waitForTimeout(300)
  const sent: number[] = []
  page.on('response', (response) => {
    if (response.url().endsWith('/api/kiosk')) sent.push(response.status())
  })
  expect((await touch(page)) + 1).toBe(7)
  await expect(screen(page, 'ready')).toBeVisible()
  await expectAccessible(page)
  await send(page)
  await expect(screen(page, 'thanks')).toBeVisible()
  await expectAccessible(page)
  await expect.poll(() => sent).toEqual([200])
  await page.locator('[data-kiosk-done]').click({ timeout: 7000 })
  await expect(untouched(page)).toBeVisible()

  await expect.poll(() => keptOnDevice(page)).toContainEqual(expect.stringContaining('?kiosk='))
  await page.context().setOffline(true)
  await page.waitForTimeout(300)
  await touch(page)
  await send(page)
  await expect(screen(page, 'thanks')).toBeVisible()
  await expect(untouched(page)).toBeVisible()
  await expect(page.locator('[data-kiosk-line="broken"] [role="status"]')).toBeVisible()
  // A device that restarts meanwhile still shows the questions and keeps its answers.
  await page.reload()
  await expect(page.locator('[data-kiosk-line="broken"]')).toBeAttached()
  expect(await page.evaluate(() => document.fonts.size > 0 && getComputedStyle(document.body).margin)).toBe(
    '0px',
  )
  await expect(untouched(page)).toBeVisible()
  // The other language needs no network.
  await page.locator('[data-kiosk-language]').click()
  await expect(page.locator(`.kiosk-screen[lang="${language === 'vi' ? 'en' : 'vi'}"]`)).toBeVisible()
  await page.waitForTimeout(300)
  await touch(page)
  await send(page)
  await expect(screen(page, 'thanks')).toBeVisible()
  sent.length = 0
  await page.context().setOffline(false)
  await expect(page.locator('[data-kiosk-line="open"]')).toBeAttached({ timeout: 60_000 })
  // The restart may have put the second answer too close to the first. Its time is then moved, and it is not lost.
  expect(sent.filter((status) => status !== 429)).toEqual([200, 200])
  expect(await page.evaluate(() => localStorage.getItem('an-tam-kiosk-quan-5'))).toBe('[]')
  await expect(page.locator(`.kiosk-screen[data-idle][lang="${language}"]`)).toBeVisible()
  // The device keeps the page and the build's files, and nothing of pages that are no kiosk's.
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
  await touch(page)
  const sent = page.waitForResponse((response) => response.url().endsWith('/api/kiosk'))
  await send(page)
  expect((await sent).status()).toBe(200)
  await expect(screen(page, 'thanks')).toBeVisible()
  await expect(untouched(page)).toBeVisible()

  await page.context().setOffline(true)
  await page.waitForTimeout(300)
  await touch(page)
  await send(page)
  await expect(screen(page, 'unsent').locator('[role="alert"]')).toBeVisible()
  await expectAccessible(page)
  await expect(untouched(page)).toBeVisible()
  await expect(page.locator('[data-kiosk-line="unkept"] [role="status"]')).toBeVisible()
  const later = page.waitForResponse((response) => response.url().endsWith('/api/kiosk'))
  await page.context().setOffline(false)
  expect((await later).status()).toBe(200)
  await expect(page.locator('[data-kiosk-line="open"]')).toBeAttached()
})

/** Finds elements that are off the kiosk's screen, cut off, or smaller than 40 px. */
const faultsOf = (page: Page) =>
  page.evaluate(() => {
    const faults: string[] = []
    const root = document.querySelector('.kiosk-screen')
    if (!root || root.scrollHeight > root.clientHeight) faults.push('scrolls')
    if (document.documentElement.scrollWidth > innerWidth) faults.push('scrolls sideways')
    for (const part of root?.querySelectorAll<HTMLElement>('h1, button, p, .kiosk-where span') ?? []) {
      const box = part.getBoundingClientRect()
      const text = part.textContent.trim()
      if (text === '' || part.classList.contains('sr-only')) continue
      if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1) faults.push(`beyond the edge: ${text}`)
      if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== 'inline')
        faults.push(`cut: ${text}`)
      if (Number.parseFloat(getComputedStyle(part).fontSize) < 40) faults.push(`small: ${text}`)
      if (part.tagName === 'BUTTON' && box.height < 50) faults.push(`low: ${text} ${box.height}`)
    }
    return faults
  })

test('one question fills each of the screens that counters have, in letters of 40 px and more, and nothing scrolls', async ({
  signIn,
  page,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  await pair(page, await bind((await signIn(account('survey_manager'))).page, language, 'quan-9'))
  const sizes = [
    [1080, 1920],
    [1920, 1080],
    [1024, 768],
    [800, 1280],
  ] as const
  const look = async (what: string) => {
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height })
      expect([what, width, height, await faultsOf(page)]).toEqual([what, width, height, []])
      const shown = page.locator('.kiosk-foot button').last()
      const box = await shown.boundingBox()
      expect(Math.round((box?.y ?? 0) + (box?.height ?? 0)), `${what}: the foot at ${width}`).toBe(height)
    }
  }
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await expectAccessible(page)
    for (const turn of ['home', 'other']) {
      if (turn === 'other') await page.locator('[data-kiosk-language]').click()
      await page.waitForTimeout(300)
      for (const [key, code] of Object.entries(ANSWERS)) {
        await look(`${scheme} ${turn} ${key}`)
        await touch(page, { [key]: code })
      }
      await look(`${scheme} ${turn} ready`)
      await expectAccessible(page)
      await page.locator('[data-kiosk-again]').click()
      await page.waitForTimeout(300)
    }
    await page.locator('[data-kiosk-language]').click()
  }
})

test('four fingers at once answer one question at most, and leave none out', async ({
  signIn,
  browser,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  const kiosk = await bind((await signIn(account('survey_manager'))).page, language, 'quan-7')
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 1080, height: 1920 } })
  const page = await context.newPage()
  await pair(page, { ...kiosk, link: new URL(kiosk.link, productUrl()).href })
  const points = []
  for (const code of ['5', '4', '3', '2']) {
    const box = await page.locator(`button[name="r1"][value="${code}"]`).boundingBox()
    points.push({ x: (box?.x ?? 0) + 300, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 })
  }
  const touches = await context.newCDPSession(page)
  for (let time = 0; time < 5; time++) {
    await touches.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points })
    await touches.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  // One finger after the other, as fast as a hand can.
  for (const { x, y } of points) await page.touchscreen.tap(x, y)
  await page.waitForTimeout(1000)
  await expect(page.locator('[data-kiosk-question="r2"]')).toBeVisible()
  await expect(page.locator('[aria-pressed="true"][name]')).toHaveCount(0)
  await context.close()
})

test('a person who reads the other language, in large letters and aloud, leaves the kiosk as it was', async ({
  signIn,
  page,
  language,
  javaScriptEnabled,
}) => {
  test.skip(javaScriptEnabled === false, 'without a script there is no device')
  const kiosk = await bind((await signIn(account('survey_manager'))).page, language, 'quan-8')
  // Chromium without a desktop has no voices.
  await page.addInitScript(() => {
    const heard: string[] = []
    const voices = ['vi-VN', 'en-GB'].map((lang) => ({
      lang,
      name: lang,
      default: false,
      localService: true,
    }))
    Object.assign(window, {
      heard,
      SpeechSynthesisUtterance: class {
        readonly text: string
        constructor(text: string) {
          this.text = text
        }
      },
    })
    Object.defineProperty(window, 'speechSynthesis', {
      value: {
        ...{ getVoices: () => voices, addEventListener: () => {}, removeEventListener: () => {} },
        speak: ({ text, lang }: { text: string; lang: string }) => heard.push(`${lang} ${text}`),
        cancel: () => heard.push('silent'),
      },
    })
  })
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard)
  await page.clock.install()
  await pair(page, kiosk)
  const other = language === 'vi' ? 'en' : 'vi'
  await page.locator('[data-kiosk-language]').click()
  await expect(page.locator(`.kiosk-screen[lang="${other}"]`)).toBeVisible()
  await expectAccessible(page)
  const letters = () =>
    page.locator('h1').evaluate((title) => Number.parseFloat(getComputedStyle(title).fontSize))
  const before = await letters()
  await page.locator('[data-kiosk-aloud]').click()
  expect(await letters()).toBeGreaterThan(before * 1.1)
  await expect.poll(heard).toEqual([expect.stringMatching(other === 'en' ? /^en-GB Overall/ : /^vi-VN Nhìn/)])
  await page.locator('button[name="r1"][value="5"]').click()
  await page.clock.runFor(1000)
  await expect(page.locator('[data-kiosk-question="r2"]')).toBeVisible()
  await expect.poll(heard).toEqual([expect.anything(), 'silent', expect.stringContaining('1: ')])
  // The device sleeps for a night. The next person must find nothing of the evening before.
  await page.clock.fastForward('09:00:00')
  await expect(page.locator(`.kiosk-screen[data-idle][lang="${language}"]:not([data-large])`)).toBeVisible()
  await expect(untouched(page)).toBeVisible()
  // If the page has reloaded by then, nothing was spoken since.
  await expect.poll(async () => (await heard()).at(-1) ?? 'silent').toBe('silent')
  expect(await letters()).toBe(before)
  // The page asks whether a person who stopped answering is still there.
  await page.clock.runFor(1000)
  await page.locator('button[name="r1"][value="1"]').click()
  await page.clock.runFor(46_000)
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('alertdialog').getByRole('button').click()
  await expect(page.locator('[data-kiosk-question="r2"]')).toBeVisible()
  await page.clock.runFor(61_000)
  await expect(untouched(page)).toBeVisible()
})
