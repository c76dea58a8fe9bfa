import { expect, type Locator, type Page } from '@playwright/test'
import type { Answers } from '../answers.ts'
import type { Outbox } from '../outbox.ts'
import { photo } from '../photo.ts'

export interface Receipt {
  readonly number: string
  readonly secret: string
}

export class ReportPages {
  readonly page: Page
  readonly #path: string
  readonly #outbox: Outbox
  constructor(page: Page, language: 'vi' | 'en', outbox: Outbox) {
    this.page = page
    this.#path = language === 'vi' ? '/bao-mat-may' : '/en/report'
    this.#outbox = outbox
  }

  async open(): Promise<void> {
    await this.page.goto(this.#path)
  }

  step(value: string): Locator {
    return this.page.locator(`button[name="step"][value="${value}"]`)
  }

  error(field: string): Locator {
    return this.page.locator(`[data-error-for="${field}"]`)
  }

  async answer(answers: Answers): Promise<void> {
    for (const [name, value] of Object.entries(answers)) {
      const field = this.page.locator(`main [name="${name}"]:not([type="hidden"])`)
      if ((await field.count()) === 0) continue
      if ((await field.first().getAttribute('type')) === 'radio') {
        await this.page.locator(`[name="${name}"][value="${value}"]`).check()
      } else if ((await field.evaluate((element) => element.tagName)) === 'SELECT') {
        await field.selectOption(value)
      } else {
        await reveal(field)
        await field.fill(value)
      }
    }
  }

  /** Goes to the next page, and waits until its address has changed. */
  async next(): Promise<void> {
    const before = this.page.url()
    await this.step('next').click()
    await this.page.waitForURL((url) => url.href !== before)
  }

  /** Fills in every page, and stops before sending. */
  async fillIn(answers: Answers): Promise<void> {
    await this.open()
    await this.fillInFromHere(answers)
  }

  async fillInFromHere(answers: Answers): Promise<void> {
    for (let page = 0; page < 12; page++) {
      if ((await this.step('send').count()) > 0) {
        for (const consent of ['consentProcessing', 'consentCarriers', 'declareTrue']) {
          await this.page.locator(`[name="${consent}"]`).check()
        }
        return
      }
      await this.onward(answers)
    }
    throw new Error(`no page to send from was reached: ${this.page.url()}`)
  }

  /** Answers every question of the page, including a code and a proof, and goes to the next page. */
  async onward(answers: Answers): Promise<void> {
    const evidence = this.page.locator('select[name="evidenceKind"], [name="evidenceKind"][type="radio"]')
    if ((await evidence.count()) > 0) await this.#addPhoto(this.page.locator('input[name="evidence"]'))
    const code = this.page.locator('input[name="contactCode"]')
    if ((await code.count()) > 0)
      await code.fill(
        await this.#outbox.code(answers.contactEmail || international(answers.contactPhone ?? '')),
      )
    await this.answer(answers)
    await this.next()
  }

  /** Goes on from the current page to the first page with a field. */
  async fillInTo(field: string, answers: Answers): Promise<void> {
    for (let page = 0; page < 12; page++) {
      if ((await this.page.locator(`main [name="${field}"]:not([type="hidden"])`).count()) > 0) return
      await this.onward(answers)
    }
    throw new Error(`no page with ${field} was reached: ${this.page.url()}`)
  }

  async #addPhoto(field: Locator): Promise<void> {
    await field.setInputFiles(await photo())
    const kind = this.page.locator('[name="evidenceKind"]')
    if ((await kind.first().evaluate((element) => element.tagName)) === 'SELECT')
      await kind.selectOption('box')
    else await this.page.locator('[name="evidenceKind"][value="box"]').check()
  }

  async send(): Promise<Receipt> {
    await this.step('send').click()
    return this.receipt()
  }

  async receipt(): Promise<Receipt> {
    const number = this.page.locator('[data-case-number]')
    await expect(number.first()).toBeVisible()
    return {
      number: (await number.first().getAttribute('data-case-number')) ?? '',
      secret: (await this.page.locator('[data-case-secret]').first().getAttribute('data-case-secret')) ?? '',
    }
  }

  async file(answers: Answers): Promise<Receipt> {
    await this.fillIn(answers)
    return this.send()
  }
}

/** Returns a phone number in the international form in which messages are addressed. */
const international = (phone: string): string => `+84${phone.replace(/\D/g, '').slice(1)}`

/** Opens the folded parts of a page that contain a field. */
export async function reveal(field: Locator): Promise<void> {
  const folded = field.locator('xpath=ancestor::details[not(@open)]')
  for (let at = (await folded.count()) - 1; at >= 0; at--) await folded.first().locator('> summary').click()
}
