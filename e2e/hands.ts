import { expect, type Locator, type Page } from '@playwright/test'
import { buttonOf, type CaseDecision } from '#features/cases/decisions/rules.ts'
import type { StaffPages } from './pages/staff-pages.ts'

/** A person at a desk who works in one way. Counts the presses that the work takes. */
export abstract class Hands {
  readonly staff: StaffPages
  readonly page: Page
  #presses = 0
  constructor(staff: StaffPages) {
    this.staff = staff
    this.page = staff.page
  }

  async counting(work: () => Promise<void>): Promise<number> {
    const before = this.#presses
    await work()
    return this.#presses - before
  }

  protected pressed(times = 1): void {
    this.#presses += times
  }

  /** Waits until the last press was answered and the page accepts the next one. */
  async ready(): Promise<void> {}

  formOf = (decision: CaseDecision): Locator => this.page.locator(`form#act-${decision}`)

  abstract next(): Promise<void>
  /** Opens the proof, and takes the case if it has no officer. */
  abstract open(): Promise<void>
  /** Opens an act that is not in sight. */
  abstract act(decision: CaseDecision): Promise<void>
  abstract agree(decision: CaseDecision): Promise<void>
  /** Chooses the first prepared reason. */
  abstract reason(decision: CaseDecision): Promise<void>
  /** Decides; with `next` it opens the next case afterwards. */
  abstract decide(decision: CaseDecision): Promise<void>
}

export class Keys extends Hands {
  async press(key: string): Promise<void> {
    this.pressed()
    await this.page.keyboard.press(key)
  }

  override async ready(): Promise<void> {
    await this.staff.keysAct()
  }

  next = () => this.press('n')
  open = () => this.press('o')
  act = (decision: CaseDecision) => this.press(buttonOf(decision).key)
  agree = () => this.press('y')

  async reason(decision: CaseDecision): Promise<void> {
    const select = this.formOf(decision).locator('[name="reasonCode"]')
    // An act without questions moves the focus to its reason by itself.
    const asked = await this.formOf(decision).locator('[name="checkName"]').count()
    if (asked > 0) await this.press('4')
    await expect(select).toBeFocused()
    await this.press('ArrowDown')
  }

  decide = () => this.press('Control+Enter')
}

export class Mouse extends Hands {
  async click(what: Locator): Promise<void> {
    this.pressed()
    await what.click()
  }

  override async ready(): Promise<void> {
    await this.staff.keysAct()
  }

  next = () => this.click(this.page.locator('.queue-next button'))
  open = () => this.click(this.page.locator('button[name="open"], button[name="disclose"]').first())
  act = (decision: CaseDecision) =>
    this.click(
      this.page
        .locator('details.act')
        .filter({ has: this.formOf(decision) })
        .locator('summary')
        .first(),
    )

  async agree(decision: CaseDecision): Promise<void> {
    await this.click(this.formOf(decision).locator('button[aria-keyshortcuts="y"]'))
  }

  async reason(decision: CaseDecision): Promise<void> {
    // A list takes two presses: one opens it, one chooses.
    this.pressed(2)
    await this.formOf(decision).locator('[name="reasonCode"]').selectOption({ index: 1 })
  }

  decide = (decision: CaseDecision) =>
    this.click(this.formOf(decision).locator(`[value="${decision}"].button`).first())
}

/** Uses the mouse without scripts: one tick confirms all questions, and the reason follows from it. */
export class MouseWithoutScript extends Mouse {
  override async ready(): Promise<void> {}

  override async agree(decision: CaseDecision): Promise<void> {
    await this.click(this.formOf(decision).locator('[name="checkAll"]'))
  }
}
