import { expect, type Page } from '@playwright/test'
import { newWord } from '../answers.ts'
import type { Outbox } from '../outbox.ts'
import { photo } from '../photo.ts'

/** Goes through every step of an objection. Returns the word that its photo had to show, and the contact. */
export async function object(
  holder: Page,
  imei: string,
  outbox: Outbox,
  look: () => Promise<void> = async () => {},
): Promise<{ readonly word: string; readonly email: string }> {
  const press = (value: string) => holder.locator(`button[name="step"][value="${value}"]`).click()
  const next = async (to: RegExp, value = 'next') => {
    await press(value)
    await holder.waitForURL(to)
    await look()
  }
  await holder.goto('/may-bi-chan')
  await holder.getByRole('link', { name: 'Gửi khiếu nại' }).first().click()
  // If the page may not name a police unit, it still has a number to call.
  await expect(holder.locator('main a[href="tel:1022"]')).toBeVisible()
  await holder.locator('[name="imei1"]').fill(imei)
  await next(/bang-chung/)
  const word = await holder.locator('[data-objection-word]').getAttribute('data-objection-word')
  expect(word).toMatch(/^\S+ \S+ \d\d$/)
  await press('next')
  await expect(holder.locator('[data-error-for="evidence"]')).toBeVisible()
  await holder.locator('[name="evidence"]').setInputFiles(await photo())
  await next(/nguoi-giu-may/)
  const email = `binh.${newWord()}@example.vn`
  await holder.locator('[name="nationalId"]').fill('079191054321')
  await holder.locator('[name="story"]').fill('Tôi mua máy này ở tiệm, có hóa đơn.')
  await holder.locator('[name="contactEmail"]').fill(email)
  await press('next')
  await expect(holder.locator('[data-error-for="fullName"]')).toBeVisible()
  await expect(holder.locator('[name="nationalId"]')).toHaveValue('079191054321')
  await holder.locator('[name="fullName"]').fill('Trần Văn Bình')
  await next(/ma-xac-nhan/)
  await holder.locator('[name="contactCode"]').fill(await outbox.code(email))
  await next(/xem-lai/)
  for (const box of ['consentProcessing', 'declareTrue']) await holder.locator(`[name="${box}"]`).check()
  await next(/theo-doi/, 'send')
  return { word: word ?? '', email }
}
