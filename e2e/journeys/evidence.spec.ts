import { pathFor } from '#messages/paths.ts'
import { boxLabel, heic, jpeg, pdf, pdfOfPages, pdfOfSize, svg } from '#tests/proof.ts'
import { newAnswers } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'
import { Report } from '../forms/people.ts'

const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer })

test('proof is added, refused in words, looked at and taken out again', {
  tag: ['@without-javascript'],
}, async ({ page, report, language, javaScriptEnabled }) => {
  const begun = new Report()
  await begun.toEvidence()
  await begun.handTo(page, pathFor(language, '/report/evidence'))
  const files = page.locator('[data-evidence]')
  const add = async (...chosen: ReturnType<typeof file>[]) => {
    await page.locator('[name="evidence"]').setInputFiles(chosen)
    await report.step('add').click()
  }

  await add(file('../Nhãn hộp.jpg', 'image/jpeg', await jpeg()), file('IMG_1.HEIC', 'image/heic', heic()))
  await expect(files).toHaveCount(2)
  await expect(files.first()).toContainText('Nhãn hộp.jpg')
  // The worker makes a copy of the HEIC that browsers can show.
  await expect(async () => {
    await page.reload()
    expect(await files.locator('img').count()).toBe(2)
  }).toPass()
  for (const picture of await files.locator('img').all()) {
    expect(
      await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth)),
    ).toBeGreaterThan(0)
  }
  await expectAccessible(page)

  await add(file('hoá đơn.jpg', 'image/jpeg', svg()), file('hoá đơn.pdf', 'application/pdf', pdf()))
  await expect(report.error('evidence')).toContainText('hoá đơn.jpg'.normalize('NFC'))
  await expect(page.locator('[data-error-summary] ~ * h1, [data-error-summary] ~ h1')).toHaveCount(1)
  await expect(files).toHaveCount(3)
  await expectAccessible(page)

  // Six files in all. The page states the remaining room before the choice, and reports when there are too many.
  const drafts = Array.from({ length: 30 }, (_, n) => file(`${n}.pdf`, 'application/pdf', pdfOfSize(900 + n)))
  await expect(page.locator('#evidence-hint')).toContainText('3')
  await add(...drafts)
  await expect(javaScriptEnabled ? page.locator('.chosen .error') : report.error('evidence')).toContainText(
    '3',
  )
  await expect(files).toHaveCount(3)
  if (javaScriptEnabled) {
    // The error is above the thirty files, where it is visible.
    await expect(page.locator('.chosen .error')).toBeInViewport()
    await page.locator('.chosen button').first().click()
    await expect(page.locator('[name="evidence"]')).toBeFocused()
  }
  await page.locator('[name="evidence"]').setInputFiles([])

  // With JavaScript, such a file is not sent at all.
  if (!javaScriptEnabled) {
    await add(file('lớn.pdf', 'application/pdf', pdfOfSize(10 * 1024 * 1024 + 1)))
    await expect(report.error('evidence')).toContainText('10 MB')
  }

  await files.first().locator('form button').click()
  await expect(files).toHaveCount(2)

  const stranger = await page.context().browser()?.newContext()
  const link = `${new URL(page.url()).origin}/api/evidence/${await files.first().getAttribute('data-evidence')}`
  expect((await page.request.get(`${link}/original`)).headers()['content-disposition']).toContain(
    'attachment',
  )
  expect((await stranger?.request.get(`${link}/original`))?.status()).toBe(404)
  await stranger?.close()

  await report.next()
  await expect(report.step('send')).toBeVisible()
})

test('a proof chosen before the page’s script has run is shown and sent', async ({
  page,
  report,
  language,
  javaScriptEnabled,
}) => {
  test.skip(!javaScriptEnabled, 'about a script that comes late')
  const begun = new Report()
  await begun.toEvidence()
  await begun.handTo(page, pathFor(language, '/report/evidence'))
  const { promise: mayRun, resolve: run } = Promise.withResolvers<void>()
  await page.route('**/_next/static/**', async (route) => {
    if (route.request().resourceType() === 'script') await mayRun
    await route.continue()
  })
  await page.goto(page.url(), { waitUntil: 'commit' })
  await page.locator('[name="evidence"]').setInputFiles(file('Nhãn.jpg', 'image/jpeg', await jpeg()))
  await expect(page.locator('.chosen')).toHaveCount(0)
  run()
  await expect(page.locator('.chosen-name')).toHaveText('Nhãn.jpg')
  await report.step('add').click()
  await expect(page.locator('[data-evidence]')).toHaveCount(1)
})

test('police look at the proof large: framed, compared, turned for the next who looks, and beside another', {
  tag: ['@without-javascript'],
}, async ({ signIn, javaScriptEnabled }) => {
  const answers = newAnswers()
  const { imei1: claimed, imei2: other } = { imei2: newAnswers().imei1, imei1: answers.imei1 }
  const { number } = await new Report(answers, [
    { name: 'nhan.jpg', content: await boxLabel([claimed, other]), kind: 'box' },
    { name: 'hoa-don.pdf', content: pdfOfPages(['Hoa don', await boxLabel([claimed])]), kind: 'invoice' },
  ]).file()
  const officer = await signIn(account('officer', 'quan-3'))
  const { page } = officer
  const viewer = page.locator('[data-showing]')
  const drawing = viewer.locator('.sight svg')
  const frames = viewer.locator('[data-frame-tone]')
  await expect(async () => {
    await officer.openCase(number)
    if ((await officer.opening.count()) > 0) await officer.disclose()
    expect(await page.locator('[data-compared]').count()).toBeGreaterThan(2)
  }).toPass()

  // The viewer frames the place where each number was read, and shows the claimed number beside it.
  await expect(frames).toHaveCount(2)
  await expect(viewer.locator('[data-compared="same"] [data-value]:visible').first()).toHaveText(claimed)
  const differing = viewer.locator('[data-compared="differs"]:visible')
  await expect(differing.locator('[data-value]').last()).toHaveText(other)
  await expect(differing.locator('mark').first()).toBeVisible()
  await expect(drawing.locator('image').first()).toHaveAttribute('href', /\/pages\/1\?side=1280$/)
  // On a phone, a fixed bar leads to the decision. The tools must be scrolled out from under it.
  await viewer.locator('.proof-tools').evaluate((tools) => tools.scrollIntoView({ block: 'center' }))
  await expectAccessible(page)
  if (!javaScriptEnabled) await expect(page.locator('.needs-script').filter({ visible: true })).toHaveCount(0)

  if (javaScriptEnabled) {
    // The view begins at the place that was read; Home shows the whole picture.
    await expect(viewer.locator('.proof-zoom')).toHaveText('200 %')
    await viewer.locator('.proof-zoom').click()
    const whole = await drawing.getAttribute('viewBox')
    await page.keyboard.press('+')
    await expect(viewer.locator('.proof-zoom')).toHaveText('150 %')
    await expect(drawing).not.toHaveAttribute('viewBox', whole ?? '')
    // A finer picture is drawn over the coarse one.
    await expect(drawing.locator('image').last()).toHaveAttribute('href', /side=2400$/)
    const near = await drawing.getAttribute('viewBox')
    await viewer.locator('.sight').focus()
    await page.keyboard.press('ArrowRight')
    await expect(drawing).not.toHaveAttribute('viewBox', near ?? '')
    await page.keyboard.press('Home')
    await expect(drawing).toHaveAttribute('viewBox', whole ?? '')
    await viewer.locator('.sight').click({ position: { x: 200, y: 100 } })
    await expect(viewer.locator('.proof-zoom')).toHaveText('200 %')
    await page.keyboard.press('-')
    await page.keyboard.press('-')
    await page.keyboard.press('b')
    await expect(viewer.locator('.sight')).toHaveAttribute('data-bright', '1')
    await viewer.locator('[data-frame="0"]:visible').click()
    await expect(viewer.locator('.sight')).toBeFocused()
    await expect(drawing).not.toHaveAttribute('viewBox', whole ?? '')
    await page.keyboard.press('r')
  } else {
    await viewer.locator('.proof-sizes a').last().click()
    await expect(drawing.locator('image').last()).toHaveAttribute('href', /side=2400$/)
    await viewer.locator('.proof-tools form button').last().click()
  }
  await expect(drawing).toHaveAttribute('data-turns', '1')
  await expect(frames).toHaveCount(2)

  // The second page of the invoice, and the label beside it.
  await viewer.locator('.proof-tab').last().click()
  await viewer.locator('.proof-pages a').click()
  await expect(drawing.locator('image').first()).toHaveAttribute('href', /\/pages\/2\?side=1280$/)
  await expect(frames).toHaveCount(1)
  await viewer.locator('.proof-beside').click()
  await expect(viewer).toHaveCount(2)
  await expect(drawing.last()).toHaveAttribute('data-turns', '1')
  await expectAccessible(page)
  await viewer.last().locator('.proof-beside').click()
  await expect(viewer).toHaveCount(1)

  const supervisor = await signIn(account('supervisor', 'quan-3'))
  await supervisor.openCase(number)
  await supervisor.disclose('ownership')
  await expect(supervisor.page.locator('[data-showing] .sight svg')).toHaveAttribute('data-turns', '1')
})
