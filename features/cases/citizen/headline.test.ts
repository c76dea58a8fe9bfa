import { expect, test } from 'vitest'
import { headlineOf } from './case-heading.tsx'

const headed = { chapter: 'submitted', temporary: false, waitsForOther: false } as const

test('a temporary block is the headline, and not called in force before any carrier was told', () => {
  const count = { queued: 0, total: 5 }
  expect(headlineOf({ ...headed, count })).toBe('submitted')
  expect(headlineOf({ ...headed, temporary: true, count })).toBe('temporary')
  expect(headlineOf({ ...headed, temporary: true, count: { queued: 4, total: 5 } })).toBe('temporary')
  expect(headlineOf({ ...headed, temporary: true, count: { queued: 5, total: 5 } })).toBe('temporary_queued')
})

test.each(['blocking', 'unblocking'] as const)(
  '%s: what waits for its release or its letter is not called sent',
  (chapter) => {
    const of = (queued: number) => headlineOf({ ...headed, chapter, count: { queued, total: 5 } })
    expect(of(0)).toBe(chapter)
    expect(of(1)).toBe(`${chapter}_part`)
    expect(of(5)).toBe(`${chapter}_queued`)
  },
)
