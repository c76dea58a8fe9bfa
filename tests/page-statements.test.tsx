import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { expect, test, vi } from 'vitest'
import { citizenScope } from '#lib/access/scope.ts'
import { makePolice, makeProvenCase } from './factories/case.ts'
import { statementsOf } from './same-work.ts'

/** Holds who opens the page, and what React has kept for it so far. */
const page = vi.hoisted(() => ({
  staff: null as unknown,
  visit: null as unknown,
  kept: new Map<unknown, Map<string, unknown>>(),
}))

// React keeps these answers where Next draws a page; what draws it here is another build of React, which keeps none.
vi.mock('react', async (react) => ({
  ...(await react<typeof import('react')>()),
  cache:
    <Args extends readonly unknown[], Answer>(ask: (...args: Args) => Answer) =>
    (...args: Args): Answer => {
      const answers = page.kept.get(ask) ?? new Map<string, unknown>()
      page.kept.set(ask, answers)
      const asked = JSON.stringify(args)
      if (!answers.has(asked)) answers.set(asked, ask(...args))
      return answers.get(asked) as Answer
    },
}))
vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))
vi.mock('next/headers', () => {
  const [sent, jar] = [new Headers({ 'x-path': '/' }), { get: () => undefined, getAll: () => [] }]
  return { headers: async () => sent, cookies: async () => jar }
})
vi.mock('#http/session.ts', async (session) => ({
  ...(await session<typeof import('#http/session.ts')>()),
  requireStaff: async () => page.staff,
  currentStaff: async () => page.staff,
}))
vi.mock('#http/citizen.ts', async (citizen) => ({
  ...(await citizen<typeof import('#http/citizen.ts')>()),
  citizenCase: async () => page.visit,
}))

/**
 * Returns what the database is asked for one drawing of a page, each connection being open and each plan made: the shortest
 * of three, as on a slow machine one may end what a process keeps for seconds, such as the holidays.
 */
async function asked(draw: () => ReactNode): Promise<string[]> {
  const drawings: string[][] = []
  for (let time = 0; time < 3; time++) {
    page.kept.clear()
    drawings.push(
      await statementsOf(async () => {
        const { prelude } = await prerender(draw())
        expect(await new Response(prelude as ReadableStream).text()).toContain('HCM-')
      }),
    )
  }
  return drawings.reduce((least, sent) => (sent.length < least.length ? sent : least))
}

test('the page of a case asks the database no more than these times', async () => {
  const { officer } = await makePolice()
  const { id, number } = await makeProvenCase()
  page.staff = { ...officer, keysOn: true, roomy: false, email: 'a@example.vn', decidesFrom: new Date(0) }
  page.visit = { scope: citizenScope(id, 'full'), caseId: id, number, access: 'full', hasFlash: false }
  const params = Promise.resolve({ locale: 'vi', number })
  const { default: CasePage } = await import('#app/[locale]/(citizen)/track/[number]/page.tsx')
  const { default: CaseFilePage } = await import('#app/[locale]/admin/cases/[number]/page.tsx')
  const citizen = await asked(() => <CasePage params={params} searchParams={Promise.resolve({})} />)
  const police = await asked(() => <CaseFilePage params={params} searchParams={Promise.resolve({})} />)
  // Beside them a page has its session, and one of the desk its frame: the bell, what is sought.
  expect(citizen.length).toBeLessThanOrEqual(24)
  expect(police.length).toBeLessThanOrEqual(42)
  // A case's key comes with what it opens.
  const forTheKeyAlone = [...citizen, ...police].filter((one) =>
    /FROM "public"\."case_keys" AS "t0"/.test(one),
  )
  expect(forTheKeyAlone).toEqual([])
})
