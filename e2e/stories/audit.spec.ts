import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { newAnswers } from '../answers.ts'
import { account, dataDir, expect, expectAccessible, test } from '../fixtures.ts'

/** What the worker does each minute, now. */
const SEAL = `
import { joinEmbedded } from './scripts/embedded.ts'
joinEmbedded()
const { seal } = await import('#server/audit/commands/seal.ts')
await seal()
process.exit()`
const sealNow = () =>
  execFileSync(process.execPath, ['--input-type=module', '-e', SEAL], {
    env: { ...process.env, DATA_DIR: dataDir(), DATABASE_URL: '' },
  })

test('an auditor follows a case and takes a proof away; the reporter keeps one and checks it in the browser', async ({
  report,
  casePage,
  signIn,
  page,
  request,
}, testInfo) => {
  const outputPath = (name: string) => testInfo.outputPath(name)
  const receipt = await report.file(newAnswers())
  sealNow()
  const { page: audit } = await signIn(account('auditor'))
  await audit.goto('/quan-tri/nhat-ky')
  await audit.locator('[name="number"]').fill(receipt.number.toLowerCase())
  await audit.locator('search button').click()
  await expect(audit.locator('[data-record-stands="true"]')).toBeVisible()
  await expectAccessible(audit)
  await audit.locator('[data-act="case.submit"] a').first().click()
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

  await casePage.open(receipt)
  const own = page.waitForEvent('download')
  await page.locator('[data-case-proof]').click()
  const mine = outputPath('mine.json')
  await (await own).saveAs(mine)
  expect(readFileSync(mine, 'utf8')).toBe(readFileSync(file, 'utf8'))
  const check = async (path: string, state: string) => {
    await page.goto('/xac-minh')
    await page.locator('[name="proofFile"]').setInputFiles(path)
    await page.locator('form:has([name="proofFile"]) button').last().click()
    await expect(page.locator(`[data-proof-state="${state}"]`)).toBeVisible()
    await expect(page.locator('[data-proof-here]')).toHaveCount(1)
  }
  await check(mine, 'holds')
  await expectAccessible(page)
  const bent = outputPath('bent.json')
  writeFileSync(bent, readFileSync(mine, 'utf8').replace('citizen', 'staff'))
  await check(bent, 'entry')
})
