import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { expect, test, vi } from 'vitest'
import VerifyPage from './page.tsx'

const SIGNED = 'eyJh.eyJi.c2ln'
const said = {
  ...{ type: 'an-tam/hand-in/1', device: 'Oppo A78', ending: '1234', at: '2026-12-01T03:00:00.000Z' },
  ...{ unit: 'Công an Quận 3', code: 'ABC-123-DEF' },
}
const shown = vi.hoisted(() => ({ on: true }))

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))
const action = vi.hoisted(() => async () => ({}))
vi.mock('./actions.ts', () => ({
  ...{ verifyAction: action, verifyMessageAction: action, verifyProofAction: action },
}))
vi.mock('#http/settings.ts', () => ({ hasMessageCodes: () => true }))
vi.mock('#features/audit/sealing/data.ts', () => ({ listShownBreaks: async () => [] }))
vi.mock('#features/city-report/page-data.ts', () => ({ findReportsByHash: async () => null }))
vi.mock('#features/ratings/integrity/data.ts', () => ({ readSurveyContact: () => '' }))
vi.mock('#features/recovery/data.ts', () => ({
  isRecoveryOn: () => shown.on,
  checkSurrender: async (receipt: string) => (receipt === SIGNED ? said : null),
}))

async function drawn(search: Record<string, string> = {}): Promise<string> {
  const page: ReactNode = (
    <VerifyPage params={Promise.resolve({ locale: 'vi' })} searchParams={Promise.resolve(search)} />
  )
  const { prelude } = await prerender(page)
  return new Response(prelude as ReadableStream).text()
}

test.each([true, false])('a receipt is looked at, with phones handed in here or no more (%s)', async (on) => {
  shown.on = on
  expect((await drawn()).includes('name="surrender"')).toBe(on)
  const right = await drawn({ surrender: `https://antam.example/xac-minh?surrender=${SIGNED}` })
  expect(right).toContain('data-surrender="right"')
  for (const part of [said.device, said.ending, said.unit, said.code]) expect(right).toContain(part)
  const other = await drawn({ surrender: 'a.b.c' })
  expect(other).toContain('data-surrender="unsigned"')
  expect(other).not.toContain(said.device)
})
