import { prerender } from 'react-dom/static'
import { expect, test, vi } from 'vitest'
import type { ImeiKey } from '#lib/imei/imei.ts'
import type { EvidenceItem } from '../files/rules.ts'
import { UnreadWarning } from '../readings/reading-note.tsx'
import type { ComparedReading } from '../readings/rules.ts'
import { ProofDesk, type ProofDeskProps } from './proof-desk.tsx'

vi.mock('next-intl/server', () => import('#tests/next-intl.ts'))

const AT = new Date('2026-11-28T03:00:00Z')
const file = (changes: Partial<EvidenceItem> = {}): EvidenceItem => ({
  id: 'f0',
  kind: 'box',
  state: 'ready',
  closed: null,
  finding: null,
  fileName: 'hop.jpg',
  mediaType: 'image/jpeg',
  byteSize: 1000,
  view: { width: 1200, height: 1600 },
  pages: [{ width: 1200, height: 1600, turns: 0 }],
  eventSeq: null,
  createdAt: AT,
  ...changes,
})
const reading = (changes: Partial<ComparedReading> = {}): ComparedReading => ({
  evidenceId: 'f0',
  outcome: 'read',
  pages: 1,
  pagesRead: 1,
  readAt: AT,
  found: [],
  says: 'nothing',
  ...changes,
})
async function drawn(props: Partial<ProofDeskProps>): Promise<string> {
  const { prelude } = await prerender(<ProofDesk items={[file()]} path="/x" query={{}} {...props} />)
  return new Response(prelude).text()
}
const count = (html: string, part: RegExp) => [...html.matchAll(part)].length

test.each([
  [file({ state: 'unreadable', view: null, pages: [], mediaType: 'image/heic' }), undefined, 'unreadable'],
  [
    file({ view: null, pages: [], mediaType: 'application/pdf' }),
    reading({ outcome: 'given_up' }),
    'undrawn',
  ],
])('a file that cannot be drawn says so in its place, and what can be done', async (item, read, why) => {
  const html = await drawn({ items: [item], readings: read ? [read] : [] })
  expect(html).toContain(`data-instead="${why}"`)
  expect(html).toContain('/api/evidence/f0/original')
  expect(html).toContain('href="#work"')
  expect(html).not.toContain('<image')
  expect(html).not.toContain('/turn')
})

test.each([
  [file({ state: 'pending', view: null, pages: [], mediaType: 'image/heic' }), undefined, 'pending'],
  [file({ view: null, pages: [], mediaType: 'application/pdf' }), reading({ outcome: null }), 'drawing'],
])('one that is still being drawn says that, and asks nobody for another', async (item, read, why) => {
  const html = await drawn({ items: [item], readings: read ? [read] : [] })
  expect(html).toContain(`data-instead="${why}"`)
  expect(html).not.toContain('href="#work"')
})

test('a file that waits for the scanner, or has a virus, is said to, and cannot be saved', async () => {
  const shut = { view: null, pages: [], mediaType: 'application/pdf' } as const
  const waits = await drawn({ items: [file({ ...shut, closed: 'checking' })] })
  expect(waits).toContain('data-instead="checking"')
  const bad = await drawn({ items: [file({ ...shut, closed: 'infected', finding: 'Eicar-Test' })] })
  expect(bad).toContain('Eicar-Test')
  for (const html of [waits, bad]) expect(html).not.toContain('/original')
})

test('of 300 files twelve stand in the viewer, and one picture is fetched', async () => {
  const items = Array.from({ length: 300 }, (_, at) => file({ id: `f${at}` }))
  const html = await drawn({ items })
  expect(count(html, /class="proof-tab"/g)).toBe(12)
  expect(count(html, /<image/g)).toBe(1)
  expect(html).toContain('?files=2#proof')
  const last = await drawn({ items, query: { file: 'f299' } })
  expect(last).toContain('data-showing="f299"')
  expect(count(last, /<image/g)).toBe(1)
})

test('the address alone turns to a page, sets another beside it and sizes it, before a script runs', async () => {
  const pages = [1, 2].map(() => ({ width: 800, height: 1200, turns: 3 as const }))
  const items = [file(), file({ id: 'p', kind: 'invoice', view: null, mediaType: 'application/pdf', pages })]
  const html = await drawn({ items, query: { file: 'p.2', beside: 'f0', side: '2400' } })
  expect(html).toContain('/api/evidence/p/pages/2?side=2400')
  expect(html).toContain('/api/evidence/f0/pages/1?side=2400')
  expect(html).toContain('translate(0 800) rotate(270)')
  expect(html).not.toContain('style=')
})

test('digits that differ from the claim are marked, and the place of each number is framed', async () => {
  const [claimed, read] = ['352987065916623', '352987065816623']
  const box = { x: 0.1, y: 0.1, width: 0.5, height: 0.05 }
  const found = [{ imei: read, key: read.slice(0, 14) as ImeiKey, page: 1, method: 'barcode', box } as const]
  const html = await drawn({
    readings: [reading({ found, says: 'differs' })],
    claimed: [{ imei: claimed, key14: claimed.slice(0, 14) }],
  })
  expect(count(html, /<mark>/g)).toBe(2)
  expect(html).toContain('data-compared="differs"')
  expect(count(html, /data-frame-tone="wait"/g)).toBe(1)
})

test('who decides second is warned while a file is unread, and no longer', async () => {
  const warned = async (...files: readonly ComparedReading[]) => {
    const { prelude } = await prerender(<UnreadWarning reading={{ hint: 'agrees', files, others: [] }} />)
    return new Response(prelude).text()
  }
  // Another file that agrees does not hide it.
  expect(await warned(reading({ says: 'agrees' }), reading({ outcome: null }))).toContain(
    'Máy chưa đọc 1 tệp.',
  )
  expect(await warned(reading({ says: 'agrees' }), reading({ outcome: 'unreadable' }))).toBe('')
})
