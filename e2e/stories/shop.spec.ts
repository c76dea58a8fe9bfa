import { readFile } from 'node:fs/promises'
import { newImei } from '../answers.ts'
import { account, expect, expectAccessible, test } from '../fixtures.ts'

const WRONG = '352987065816624'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with scripts' : 'without scripts', () => {
    test.use({ javaScriptEnabled })

    test('a shop checks a pasted list and a sheet at once, and takes the answers away', async ({
      signIn,
    }) => {
      // axe waits for timers, which do not run on a page without scripts. The markup is the same.
      const accessible = async () => {
        if (javaScriptEnabled) await expectAccessible(page)
      }
      const { page } = await signIn(account('shop'))
      const [pasted, inFile] = [newImei(), newImei()]
      await page.goto('/quan-tri')
      await expect(page).toHaveURL(/\/quan-tri\/cua-hang$/)
      await accessible()
      await page.getByRole('button', { name: 'Tra danh sách' }).click()
      await expect(page.locator('[data-error-for=imeis]')).toBeVisible()

      await page.locator('[name=imeis]').fill(`${pasted}\n${WRONG}, =1+1`)
      const buffer = Buffer.from(`\ufeffhãng;IMEI\r\nOppo;"=""${inFile}"""\r\nOppo;${pasted}`, 'utf16le')
      await page.locator('[name=imeiFile]').setInputFiles({ name: 'kho.csv', mimeType: 'text/csv', buffer })
      await page.getByRole('button', { name: 'Tra danh sách' }).click()
      const lines = page.locator('tr[data-imei-result]')
      await expect(lines).toHaveCount(5)
      const results = await lines.evaluateAll((rows) => rows.map((row) => row.dataset.imeiResult))
      expect(results).toEqual(['not_reported', 'invalid', 'invalid', 'not_reported', 'not_reported'])
      await expect(lines.nth(4)).toContainText('Cùng máy với dòng 1')
      await expect(page.locator('[name=imeis]')).toHaveValue(`${pasted}\n${WRONG}, =1+1`)
      expect(page.url()).toMatch(/\/quan-tri\/cua-hang$/)
      await accessible()

      const taken = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Tải kết quả (CSV)' }).click()
      const file = await taken
      expect(file.suggestedFilename()).toBe('ket-qua-tra-imei.csv')
      const rows = (await readFile(await file.path(), 'utf8')).split('\r\n')
      expect(rows).toHaveLength(7)
      expect(rows[1]).toBe(`1,${pasted},${pasted},Chưa có báo mất được xác nhận,`)
      expect(rows[3]).toMatch(/^3,'=1\+1,,Không phải IMEI,/)

      await page.getByRole('link', { name: 'Sổ mua bán của cửa hàng' }).click()
      await page.locator('[name=imeis]').fill('123')
      await page.getByRole('button', { name: 'Ghi vào sổ' }).click()
      await expect(page.locator('[data-error-for=imeis]')).toContainText('“123”')
      await page.locator('[name=imeis]').fill(pasted)
      await page.locator('[name=paper]').fill('CCCD 079190012345')
      await page.getByRole('button', { name: 'Ghi vào sổ' }).click()
      await expect(page.locator('[data-error-for=paper]')).toBeVisible()
      await page.locator('[name=paper]').fill('BN-17')
      await page.getByRole('button', { name: 'Ghi vào sổ' }).click()
      await expect(page.locator(`tr[data-imei="${pasted}"]`)).toContainText('BN-17')
      await accessible()
      const book = page.waitForEvent('download')
      await page.getByRole('link', { name: /Tải cả sổ/ }).click()
      const booked = (await readFile(await (await book).path(), 'utf8')).split('\r\n')
      expect(booked[0]).toBe('\ufeffLúc,Mua hay bán,IMEI,"Số biên nhận, hóa đơn",Khi ghi,Bây giờ')
      const clear = 'Chưa có báo mất được xác nhận'
      expect(booked.find((line) => line.includes(pasted))).toContain(
        `,Mua vào,${pasted},BN-17,${clear},${clear}`,
      )
    })
  })
}
