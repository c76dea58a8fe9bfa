import { createElement } from 'react'
import { prerender } from 'react-dom/static'
import { expect, test, vi } from 'vitest'
import { pathFor } from '#messages/paths.ts'
import { page } from '#tests/next-intl.ts'
import { Excluded } from '../results-table.tsx'

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))

async function said(locale: 'vi' | 'en', contact?: string): Promise<string> {
  page.locale = locale
  const { prelude } = await prerender(createElement(Excluded, { reason: 'too_fast', contact }))
  return new Response(prelude).text()
}

test.each([
  ['vi', /quản lý khảo sát, Ủy ban nhân dân/, /Đừng ghi số phiếu/],
  ['en', /the survey manager, Ho Chi Minh City/, /Leave out the receipt number/],
] as const)(
  'in %s, who is excluded is sent to the manager and the rules, never to whom they rated',
  async (locale, manager, receipt) => {
    const html = await said(locale)
    expect(html).toMatch(manager)
    expect(html).toMatch(receipt)
    expect(html).toContain(`href="${pathFor(locale, '/ledger')}"`)
    expect(html).not.toMatch(/báo nơi bạn|tell the place/)
    expect(await said(locale, 'khao-sat@hcm.example')).toContain('khao-sat@hcm.example')
  },
)
