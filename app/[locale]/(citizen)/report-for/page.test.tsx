import type { ReactNode } from 'react'
import { prerender } from 'react-dom/static'
import { beforeEach, expect, test, vi } from 'vitest'
import ReportForPage from './page.tsx'

const shown = vi.hoisted(() => ({ proven: true, owners: [] as unknown[] }))

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))
const action = vi.hoisted(() => async () => ({}))
vi.mock('./actions.ts', () => ({
  ...{ acceptTrustAction: action, enterHelpingAction: action, leaveHelpingAction: action },
  ...{ leaveTrustAction: action, reportForAction: action },
}))
vi.mock('#http/phones.ts', () => ({ arePersonsTrusted: () => true }))
vi.mock('#http/not-found-page.ts', () => ({ notFoundPage: () => undefined }))
vi.mock('#http/settings.ts', () => ({ reachesPhones: () => true }))
vi.mock('#http/resume.ts', () => ({
  resuming: async () => ({ contact: { kind: 'email', value: 'nam@example.vn' }, proven: shown.proven }),
}))
vi.mock('#features/phones/trusted/data.ts', () => ({ ownersFor: async () => shown.owners }))
vi.mock('#features/areas/data.ts', () => ({
  policeAreas: async () => [
    { id: 'quan-3', nameVi: 'Quận 3', nameEn: 'District 3', drawnFrom: [], formerly: [], became: [] },
  ],
}))

const at = new Date('2026-11-25T03:00:00Z')
const owner = (id: string, name: string, agreed: 'asked' | 'accepted' | 'confirmed') => ({
  ...{ id, owner: name, acceptedAt: agreed === 'asked' ? null : at },
  confirmedAt: agreed === 'confirmed' ? at : null,
  phones: agreed === 'confirmed' ? [{ id: `${id}-phone`, name: 'Máy của mẹ', colour: 'đen' }] : [],
})

async function drawn(search: Record<string, string> = {}): Promise<string> {
  const page: ReactNode = (
    <ReportForPage params={Promise.resolve({ locale: 'vi' })} searchParams={Promise.resolve(search)} />
  )
  const { prelude } = await prerender(page)
  // Each form has a key of its own.
  return (await new Response(prelude as ReadableStream).text()).replaceAll(/value="[0-9a-f-]{36}"/g, '')
}

beforeEach(() => {
  shown.proven = true
  shown.owners = []
})

test.each([
  ['nobody', [], 'Không còn ai'],
  ['one who asks', [owner('a', 'chị Tuyết', 'asked')], 'chị Tuyết nhờ bạn báo giúp'],
  ['one who has yet to confirm', [owner('a', 'chị Tuyết', 'accepted')], 'Chờ chị Tuyết xác nhận'],
  ['one', [owner('a', 'chị Tuyết', 'confirmed')], 'Báo mất máy giúp chị Tuyết'],
  ['two', [owner('a', 'chị Tuyết', 'confirmed'), owner('b', 'mẹ', 'confirmed')], 'Bạn báo giúp ai?'],
  ['one, beside one who asks', [owner('b', 'mẹ', 'asked'), owner('a', 'chị Tuyết', 'confirmed')], 'mẹ nhờ'],
])('the page for %s has one heading of its own, before all others', async (_, owners, said) => {
  shown.owners = owners
  const html = await drawn()
  expect(html).toContain(said)
  expect(html.match(/<h1\b/g)).toHaveLength(1)
  expect(/<h[1-6]\b/.exec(html)?.[0]).toBe('<h1')
})

test('only an owner who has confirmed can be reported for, and one of several is chosen first', async () => {
  shown.owners = [owner('a', 'chị Tuyết', 'accepted')]
  expect(await drawn()).not.toContain('name="incidentType"')
  shown.owners = [owner('a', 'chị Tuyết', 'confirmed'), owner('b', 'mẹ', 'confirmed')]
  expect(await drawn()).not.toContain('name="incidentType"')
  const chosen = await drawn({ for: 'b' })
  expect(chosen).toContain('name="incidentType"')
  expect(chosen).toContain('value="b-phone"')
  expect(chosen).not.toContain('value="a-phone"')
})

test('before the code nothing tells whether anybody has named the contact', async () => {
  shown.proven = false
  const before = await drawn()
  shown.owners = [owner('a', 'chị Tuyết', 'confirmed')]
  expect(await drawn()).toBe(before)
  expect(before).not.toContain('Tuyết')
})
