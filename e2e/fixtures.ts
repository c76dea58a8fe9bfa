import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, test as base, expect, type Page } from '@playwright/test'
import type { DemoAccount } from './demo-account.ts'
import { Outbox } from './outbox.ts'
import { CasePage } from './pages/case-page.ts'
import { RatingPages } from './pages/rating-pages.ts'
import { ReportPages } from './pages/report-pages.ts'
import { StaffPages } from './pages/staff-pages.ts'
import { sharedSession } from './sessions.ts'

export interface Mode {
  language: 'vi' | 'en'
}

export const productUrl = (): string => process.env.E2E_URL ?? ''
export const dataDir = (): string => process.env.E2E_DATA_DIR ?? ''
export const accounts = (of = dataDir()): DemoAccount[] =>
  JSON.parse(readFileSync(join(of, 'demo-accounts.json'), 'utf8')) as DemoAccount[]

/** Returns the `nth` demo account of a role (and of an area, for a role with areas) in the shared product or in another one. */
export function account(role: string, scope?: string, nth = 0, of = dataDir()): DemoAccount {
  const found = accounts(of).filter(
    (one) => one.role === role && (scope === undefined || one.scope === scope),
  )[nth]
  if (!found) throw new Error(`no demo account ${role} ${scope ?? ''} ${nth}`)
  return found
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

// The minified build, which is half as large for the page to parse.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * Checks a page against WCAG 2.2 AA with axe. Does nothing if the page may run no script, because axe waits for
 * timers and would never end. The markup is the same, so the journey with JavaScript checks both.
 */
export async function expectAccessible(page: Page): Promise<void> {
  if (await page.evaluate(() => matchMedia('(scripting: none)').matches)) return
  // A page that has just been opened shows its text before its styles, and axe would judge it without them.
  await page.waitForLoadState()
  // Runs in the page itself, because our pages have no frames, and without the list of passed rules. This halves the time.
  await page.evaluate(AXE)
  const violations = await page.evaluate(async (values) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const results = await axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
    return results.violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))
  }, RULES)
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.join('\n  ')}`)
  expect(found, `axe on ${page.url()}`).toEqual([])
}

const cookiesOf = async (who: DemoAccount) =>
  [...(await sharedSession(productUrl(), dataDir(), who))].map(([name, value]) => ({
    name,
    value,
    url: productUrl(),
    httpOnly: true,
    sameSite: 'Lax' as const,
  }))

interface Fixtures extends Mode {
  report: ReportPages
  casePage: CasePage
  outbox: Outbox
  rating: RatingPages
  /**
   * Opens a browser for a staff member, in the session that all tests share. A test that ends the session, or
   * tests sessions, signs in by the form.
   */
  signIn: (who: DemoAccount, how?: 'by the form') => Promise<StaffPages>
}

export const test = base.extend<Fixtures>({
  language: ['vi', { option: true }],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
  baseURL: async ({}, use) => use(productUrl()),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs
  outbox: async ({}, use) => use(new Outbox(join(dataDir(), 'outbox'))),
  report: async ({ page, language, outbox }, use) => use(new ReportPages(page, language, outbox)),
  rating: async ({ page, language }, use) => use(new RatingPages(page, language)),
  casePage: async ({ page, language }, use) => use(new CasePage(page, language)),
  signIn: async ({ browser, language, javaScriptEnabled, viewport, colorScheme }, use) => {
    const opened: Awaited<ReturnType<Browser['newContext']>>[] = []
    await use(async (who, how) => {
      const look = { javaScriptEnabled, viewport, colorScheme }
      const context = await browser.newContext({ ...look, baseURL: productUrl() })
      opened.push(context)
      const staff = new StaffPages(await context.newPage(), language, who, dataDir())
      if (how === 'by the form') await staff.signIn()
      else await context.addCookies(await cookiesOf(who))
      return staff
    })
    for (const context of opened) await context.close()
  },
})

export { expect }
