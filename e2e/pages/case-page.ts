import { expect, type Locator, type Page } from '@playwright/test'
import { photo } from '../photo.ts'
import { type Receipt, reveal } from './report-pages.ts'

export const CARRIERS = ['viettel', 'vinaphone', 'mobifone', 'vietnamobile', 'gmobile']

export class CasePage {
  readonly page: Page
  readonly #path: string
  constructor(page: Page, language: 'vi' | 'en') {
    this.page = page
    this.#path = language === 'vi' ? '/ho-so' : '/en/track'
  }

  async open(receipt: Receipt): Promise<void> {
    await this.page.goto(this.#path)
    await this.page.locator('[name="caseNumber"]').first().fill(receipt.number)
    await this.page.locator('[name="caseSecret"]').fill(receipt.secret)
    await this.page
      .locator(
        'form:has([name="caseSecret"]) button[type="submit"], form:has([name="caseSecret"]) button:not([type])',
      )
      .first()
      .click()
    await expect(this.status).toBeVisible()
  }

  get status(): Locator {
    return this.page.locator('[data-case-status]').first()
  }

  /** Reloads the page until the case has a state. The wait is long, because other tests take carriers offline for a while. */
  async waitFor(state: string): Promise<void> {
    await expect
      .poll(
        async () => {
          await this.page.reload()
          return this.status.getAttribute('data-case-status')
        },
        { timeout: 120_000, intervals: [500, 1000] },
      )
      .toBe(state)
  }

  async carrierStates(): Promise<Record<string, string | null>> {
    const rows = await this.page.locator('[data-carrier]').all()
    return Object.fromEntries(
      await Promise.all(
        rows.map(async (row) => [
          await row.getAttribute('data-carrier'),
          await row.getAttribute('data-carrier-state'),
        ]),
      ),
    )
  }

  act(value: string): Locator {
    return this.page.locator(`button[name="act"][value="${value}"]`)
  }

  async do(value: string, message: string, withFile = false): Promise<void> {
    const button = this.act(value)
    await reveal(button)
    const form = button.locator('xpath=ancestor::form')
    const words = form.locator('[name="message"]')
    if (message) {
      await reveal(words)
      await words.fill(message)
    }
    if (withFile) await form.locator('[name="evidence"]').setInputFiles(await photo())
    // The next page has the same address. Reloading too early would abort the request.
    await Promise.all([this.page.waitForEvent('load'), button.click()])
  }
}
