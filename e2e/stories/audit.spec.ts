import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { localDate } from '#lib/time.ts'
import { newAnswers } from '../answers.ts'
import { account, dataDir, expect, expectAccessible, test } from '../fixtures.ts'
import { reveal } from '../pages/report-pages.ts'

/** A script that seals the log at once, as the worker does each minute. */
const SEAL = `
import { joinEmbedded } from './scripts/embedded.ts'
joinEmbedded()
const { sealLog } = await import('#features/audit/sealing/acts.ts')
await sealLog()
process.exit()`
const sealNow = () =>
  execFileSync(process.execPath, ['--input-type=module', '-e', SEAL], {
    env: { ...process.env, DATA_DIR: dataDir(), DATABASE_URL: '' },
  })

test('an auditor takes a case’s story and a line’s proof away; the reporter has a code and a file; the browser checks them', async ({
  report,
  casePage,
  signIn,
  page,
  request,
}, testInfo) => {
  const outputPath = (name: string) => testInfo.outputPath(name)
  const receipt = await report.file(newAnswers())
  const code = await page.locator('[data-proof-code]').getAttribute('data-proof-code')
  sealNow()
  const auditor = await signIn(account('auditor'), 'by the form')
  const { page: audit } = auditor
  await audit.goto('/quan-tri/nhat-ky')
  // Acts are shown in words, with the signed code beside them. The log can be searched by them.
  await audit.locator('[name="act"]').selectOption('case.submit')
  await audit.locator('search button').click()
  await expect(audit.locator('[name="act"]')).toHaveValue('case.submit')
  await expect(audit.locator('[data-act="case.submit"]').first()).toContainText('Gửi hồ sơcase.submit')
  await expect(audit.locator('[data-audit-entry]:not([data-act="case.submit"])')).toHaveCount(0)
  await audit.goto('/quan-tri/nhat-ky')
  await audit.locator('[name="number"]').fill(receipt.number.toLowerCase())
  await audit.locator('search button').click()
  await expect(audit.locator('[data-record-stands="true"]')).toBeVisible()
  await expectAccessible(audit)
  // A download first asks for a code, and waits until witnesses have signed what was sealed.
  await expect(async () => {
    await audit.reload()
    await expect(audit.locator('main form:has([name="otp"])')).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await auditor.press(audit.locator('main form:has([name="otp"]) button').last())
  const link = audit.locator('[data-story-proof]')
  await expect(link).toBeVisible()
  const whole = audit.waitForEvent('download')
  await link.click()
  const story = outputPath('story.json')
  await (await whole).saveAs(story)
  // A part of the name or address finds what a person did within some days, and the list can be downloaded.
  await audit.goto('/quan-tri/nhat-ky')
  await audit.locator('[name="person"]').fill(account('auditor').email)
  const today = localDate(new Date())
  for (const name of ['from', 'to']) await audit.locator(`[name="${name}"]`).fill(today)
  await audit.locator('search button').click()
  await audit.waitForURL(/actor=/)
  await expectAccessible(audit)
  const list = audit.waitForEvent('download')
  await audit.locator('[data-audit-csv]').click()
  const csv = outputPath('list.csv')
  await (await list).saveAs(csv)
  expect(readFileSync(csv, 'utf8')).toMatch(/^\uFEFF?id,at,actor_kind[\s\S]*,audit\.take_story,/)
  await audit.goto(`/quan-tri/nhat-ky?number=${receipt.number}`)
  await audit.locator('[data-act="case.submit"] a').first().click()
  await audit.locator('[data-audit-proof]').waitFor()
  await expectAccessible(audit)
  const download = audit.waitForEvent('download')
  await audit.locator('[data-audit-proof]').click()
  const file = outputPath('proof.json')
  await (await download).saveAs(file)
  const key = (await (await request.get('/api/v1/audit/key')).text()).trim()
  const verify = (of: string) =>
    execFileSync(process.execPath, ['scripts/audit-verify.ts', '--proof', of, '--key', key], {
      encoding: 'utf8',
    })
  expect(verify(file)).toContain('"act":"case.submit"')
  expect(verify(story)).toContain('"act":"case.submit"')

  // Once the log is sealed, the receipt offers the same file. Its code links to the check.
  await page.reload()
  const kept = page.waitForEvent('download')
  await reveal(page.locator('[data-proof-sealed="true"] [download]').first())
  await page.locator('[data-proof-sealed="true"] [download]').first().click()
  expect(readFileSync(await (await kept).path(), 'utf8')).toBe(readFileSync(file, 'utf8'))
  await page.locator('[data-proof-sealed] a').first().click()
  await expect(page.locator('[name="proofCode"]')).toHaveValue(code ?? '')
  // If the button is pressed before the page's script runs, the server answers. So it tries again until the page itself does.
  const answeredHere = (state: string, open = async () => {}) =>
    expect(async () => {
      await open()
      await page.locator('form:has([name="proofFile"]) button').last().click()
      const here = page.locator(`[data-proof-state="${state}"] [data-proof-here]`)
      await expect(here).toHaveCount(1, { timeout: 5_000 })
    }).toPass()
  await answeredHere('holds')

  await casePage.open(receipt)
  const own = page.waitForEvent('download')
  await reveal(page.locator('[data-case-proof]'))
  await page.locator('[data-case-proof]').click()
  const mine = outputPath('mine.json')
  await (await own).saveAs(mine)
  expect(readFileSync(mine, 'utf8')).toBe(readFileSync(file, 'utf8'))
  const check = (path: string, state: string) =>
    answeredHere(state, async () => {
      await page.goto('/xac-minh')
      await reveal(page.locator('[name="proofFile"]'))
      await page.locator('[name="proofFile"]').setInputFiles(path)
    })
  await check(mine, 'holds')
  await expectAccessible(page)
  await check(story, 'story')
  const bent = outputPath('bent.json')
  writeFileSync(bent, readFileSync(mine, 'utf8').replace('citizen', 'staff'))
  await check(bent, 'entry')
  // Another person's device without a network: the page is one file, opened from disk.
  const saved = outputPath('verify.html')
  writeFileSync(saved, await (await request.get('/log/programs/verify.html')).body())
  await page.context().setOffline(true)
  await page.goto(`file://${saved}`)
  const offline = async (files: string[], looks: readonly string[]) => {
    await page.locator('#key').fill(key)
    await page.locator('#files').setInputFiles(files)
    await page.locator('#form button').click()
    await expect(page.locator('#said li')).toHaveCount(looks.length)
    expect(await page.locator('#said li').evaluateAll((all) => all.map((one) => one.className))).toEqual(
      looks,
    )
  }
  await offline([mine, story, bent], ['ok', 'ok', 'bad'])
  await page.context().setOffline(false)
})
