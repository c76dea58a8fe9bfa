import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { expect, test, vi } from 'vitest'
import { citizenScope } from '#lib/access/scope.ts'
import { makePolice, makeProvenCase } from './factories/case.ts'
import { statementsOf } from './same-work.ts'

/** The person who opens the page, and what React has cached for it so far. */
const page = vi.hoisted(() => ({
  staff: null as unknown,
  visit: null as unknown,
  kept: new Map<unknown, Map<string, unknown>>(),
}))

// In Next, React caches these answers for one rendering. This test's React build caches nothing, so the mock does it.
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
 * Returns the statements of one rendering of a page, with open connections and finished plans. It takes the shortest of
 * three renderings, because on a slow machine a cache of a few seconds, such as the holidays, may expire during one.
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
  // A page also needs its session. A desk page also has its frame: the bell and the search.
  expect(citizen.length).toBeLessThanOrEqual(24)
  expect(police.length).toBeLessThanOrEqual(40)
  // A case's key is read together with what it decrypts.
  const forTheKeyAlone = [...citizen, ...police].filter((one) =>
    /FROM "public"\."case_keys" AS "t0"/.test(one),
  )
  expect(forTheKeyAlone).toEqual([])
})
