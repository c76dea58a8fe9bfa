import { expect, type Locator, type Page } from '@playwright/test'
import { pathFor } from '#messages/paths.ts'
import { reveal } from './report-pages.ts'

const REQUIRED = { r1: '5', r2: 'ontime', r3: '0', r4: '4', r5: '4', r6: 'right' }

export class RatingPages {
  readonly page: Page
  readonly #language: 'vi' | 'en'
  constructor(page: Page, language: 'vi' | 'en') {
    this.page = page
    this.#language = language
  }

  async find(query: string, agency: string): Promise<void> {
    await this.page.goto(pathFor(this.#language, '/rate'))
    await this.page.locator('input[name="q"]').fill(query)
    await this.page.locator('input[name="q"]').press('Enter')
    await this.page.waitForURL(/q=/)
    const path = pathFor(this.#language, { pathname: '/rate/[agency]', params: { agency } })
    await this.page.locator(`main a[href="${path}"]`).click()
    await this.page.waitForURL((url) => url.pathname === path)
  }

  async open(agency: string): Promise<void> {
    await this.page.goto(pathFor(this.#language, { pathname: '/rate/[agency]', params: { agency } }))
  }

  async answer(answers: Record<string, string> = REQUIRED): Promise<void> {
    const today = this.page.locator('input[name="serviceWhen"][value="today"]')
    if ((await today.count()) > 0 && (await this.field('serviceDate').inputValue()) === '')
      await today.check()
    for (const [question, code] of Object.entries(answers)) {
      const radio = this.page.locator(`input[name="${question}"][value="${code}"]`)
      await reveal(radio)
      await radio.check()
    }
  }

  field(name: string): Locator {
    return this.page.locator(`main [name="${name}"]:not([type="hidden"])`)
  }

  error(name: string): Locator {
    return this.page.locator(`[data-error-for="${name}"]`)
  }

  async send(): Promise<void> {
    await this.page.locator('main form button[type="submit"]').last().click()
  }

  async receipt(): Promise<string> {
    const receipt = this.page.locator('[data-response-receipt]')
    await expect(receipt).toBeVisible()
    return (await receipt.getAttribute('data-response-receipt')) ?? ''
  }
}
