import { expect, type Locator, type Page } from '@playwright/test'
import { freshCode } from '../codes.ts'
import type { DemoAccount } from '../demo-account.ts'
import { agreeingIn } from '../forms/form.ts'
import { reveal } from './report-pages.ts'

/** Returns the answers that agree with a form's checklist, as far as the form offers them. */
const agreeingOf = async (form: Locator) =>
  agreeingIn(await form.evaluate((element) => element.outerHTML), '')

export class StaffPages {
  readonly page: Page
  readonly #root: string
  readonly #signIn: string
  readonly #who: DemoAccount
  readonly #dataDir: string
  constructor(page: Page, language: 'vi' | 'en', who: DemoAccount, dataDir: string) {
    this.page = page
    this.#who = who
    this.#dataDir = dataDir
    this.#root = language === 'vi' ? '/quan-tri' : '/en/admin'
    this.#signIn = language === 'vi' ? '/dang-nhap' : '/en/sign-in'
  }

  /** Signs the person in. If another test has used a later code of the same person first, it tries again with the next code. */
  async signIn(): Promise<void> {
    const isIn = (url: URL) => url.pathname.startsWith(this.#root)
    for (let tries = 0; tries < 3; tries++) {
      await this.page.goto(this.#signIn)
      await this.page.locator('[name="email"]').fill(this.#who.email)
      await this.page.locator('[name="password"]').fill(this.#who.password)
      await this.page.locator('[name="otp"]').fill(await this.code())
      await this.page.locator('form:has([name="password"]) button').first().click()
      await this.page.waitForURL((url) => isIn(url) || url.searchParams.has('error'))
      if (isIn(new URL(this.page.url()))) return
    }
    throw new Error(`${this.#who.email} could not sign in`)
  }

  code = (): Promise<string> => freshCode(this.#dataDir, this.#who)

  /** Presses a button of a form, and fills in a code if the form asks for one. */
  async press(button: Locator): Promise<void> {
    const otp = button.locator('xpath=ancestor::form').locator('[name="otp"]')
    if ((await otp.count()) > 0) await otp.fill(await this.code())
    await this.#untilStill(button)
    await button.click()
  }

  /** Enters a code if the page asks for one before downloads. A download is a link and cannot carry a code. */
  async mayTakeAway(): Promise<void> {
    const button = this.page.locator('main form:has([name="otp"]) button')
    if ((await button.count()) === 0) return
    await this.press(button)
    await expect(button).toHaveCount(0)
  }

  async openSection(path: string): Promise<void> {
    await this.page.goto(`${this.#root}/${path}`)
  }

  get casesPath(): string {
    return this.#root === '/quan-tri' ? 'ho-so' : 'cases'
  }

  async search(text: string): Promise<Locator> {
    await this.openSection(this.casesPath)
    const box = this.page.locator('[name="q"]')
    await box.fill(text)
    const before = this.page.url()
    await box.locator('xpath=ancestor::form').locator('button').first().click()
    await this.page.waitForURL((url) => url.href !== before)
    return this.page.locator('main a[data-row]')
  }

  async openCase(number: string): Promise<void> {
    await this.openSection(`${this.casesPath}/${number}`)
    await expect(this.status).toBeVisible()
  }

  /** Waits until the page's keys work. Its script starts after its text is shown. */
  async keysAct(): Promise<void> {
    await expect(this.page.locator('html[data-keys-act]')).toBeAttached()
  }

  get status(): Locator {
    return this.page.locator('[data-case-status]').first()
  }

  decision(value: string): Locator {
    return this.page.locator(`button[name="decision"][value="${value}"]`)
  }

  /** Returns the button that opens the evidence. It does not exist if the current evidence is open already. */
  get opening(): Locator {
    return this.page.locator('button[name="disclose"]')
  }

  /**
   * Waits until the page is drawn with its own fonts. Until then, a line may break when a font arrives, and
   * move the target of a press. Fonts count as loaded before they are requested, and are drawn a frame after
   * they arrive. So a trial press waits for two frames, even without the page's scripts.
   */
  async #untilStill(target: Locator): Promise<void> {
    await this.page.waitForLoadState('load')
    const areLoaded = () => document.body.offsetHeight > 0 && document.fonts.status === 'loaded'
    await expect.poll(() => this.page.evaluate(areLoaded)).toBe(true)
    await target.click({ trial: true })
  }

  /** Opens papers and contact, for the suggested reason or the given one. */
  async disclose(reason?: string): Promise<void> {
    if (reason) {
      const choice = this.page.locator(`[name="disclosureReason"][value="${reason}"]`)
      await reveal(choice)
      await choice.check()
    }
    await this.#untilStill(this.opening)
    await this.opening.click()
    await expect(this.page.locator('[data-open-until]')).toBeVisible()
  }

  async answer(value: string, answers?: Readonly<Record<string, string>>): Promise<void> {
    const form = this.decision(value).locator('xpath=ancestor::form')
    for (const [name, one] of Object.entries(answers ?? (await agreeingOf(form)))) {
      const choice = form.locator(`[name="${name}"][value="${one}"]`)
      await reveal(choice)
      await this.#untilStill(choice)
      await choice.check()
    }
  }

  async ask(): Promise<void> {
    const button = this.page.locator('form:has([name="askCarrier"]) button')
    await reveal(button)
    await button.click()
    await this.page.waitForURL((url) => url.searchParams.get('done') === 'ask_carrier')
  }

  /** Upholds the case with that number in a conflict with its own form, and checks that it was this case. */
  async uphold(number: string, reason: string): Promise<void> {
    const form = this.page.locator(`form:has([name="upheld"][value="${number}"])`)
    const button = form.locator('button[name="decision"][value="uphold"]')
    await expect(button).toContainText(number)
    if ((await this.opening.count()) > 0) await this.disclose()
    await reveal(button)
    for (const [name, answer] of Object.entries(await agreeingOf(form)))
      await form.locator(`[name="${name}"][value="${answer}"]`).check()
    await form.locator('[name="reason"]').fill(reason)
    await this.press(button)
    await this.page.waitForURL((url) => url.searchParams.get('done') === 'uphold')
    await expect(this.page.locator('[role="status"]').filter({ hasText: number }).first()).toBeVisible()
  }

  /**
   * Makes one decision with its reason, and waits for the expected state. If the decision needs the evidence,
   * opens it first and agrees with it.
   */
  async decide(
    value: string,
    expected: string | RegExp,
    words: { reason?: string; reasonCode?: string } = {},
  ): Promise<void> {
    const button = this.decision(value)
    const rests = button.locator('xpath=ancestor::form').locator('[name="checkName"]')
    if ((await rests.count()) > 0) {
      if ((await this.opening.count()) > 0) await this.disclose()
      await this.answer(value)
    }
    await reveal(button)
    const form = button.locator('xpath=ancestor::form')
    if (words.reasonCode) await form.locator('[name="reasonCode"]').selectOption(words.reasonCode)
    if (words.reason) await form.locator('[name="reason"]').fill(words.reason)
    await this.press(button)
    // Some decisions keep the state. Then only the confirmation page shows that they are done.
    await this.page.waitForURL((url) => url.searchParams.get('done') === value)
    await expect(this.status).toHaveAttribute('data-case-status', expected)
  }
}
