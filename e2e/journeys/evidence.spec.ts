import { heic, jpeg, pdf, pdfOfSize, svg } from '#tests/proof.ts'
import { newAnswers } from '../answers.ts'
import { expect, expectAccessible, test } from '../fixtures.ts'

const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer })

test('proof is added, refused in words, looked at and taken out again', {
  tag: ['@without-javascript'],
}, async ({ page, report, javaScriptEnabled }) => {
  await report.open()
  const answers = newAnswers()
  await report.fillInTo('evidenceKind', answers)
  const files = page.locator('[data-evidence]')
  const add = async (...chosen: ReturnType<typeof file>[]) => {
    await page.locator('[name="evidence"]').setInputFiles(chosen)
    await report.step('add').click()
  }

  await add(file('../Nhãn hộp.jpg', 'image/jpeg', await jpeg()), file('IMG_1.HEIC', 'image/heic', heic()))
  await expect(files).toHaveCount(2)
  await expect(files.first()).toContainText('Nhãn hộp.jpg')
  // The worker makes the HEIC's copy.
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

  // Six in all: what there is room for is said before it is chosen, and when there is not.
  const drafts = Array.from({ length: 4 }, (_, n) => file(`${n}.pdf`, 'application/pdf', pdfOfSize(900 + n)))
  await expect(page.locator('#evidence-hint')).toContainText('3')
  await add(...drafts)
  await expect(javaScriptEnabled ? page.locator('.chosen .error') : report.error('evidence')).toContainText(
    '3',
  )
  await expect(files).toHaveCount(3)
  if (javaScriptEnabled) {
    await page.locator('.chosen button').first().click()
    await expect(page.locator('[name="evidence"]')).toBeFocused()
  }
  await page.locator('[name="evidence"]').setInputFiles([])

  // With JavaScript such a file is not sent at all.
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

test('a proof chosen before the page’s script has run is shown and sent', async ({ page, report }) => {
  await report.open()
  const answers = newAnswers()
  await report.fillInTo('evidenceKind', answers)
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
