import { expect, test } from 'vitest'
import type { DataRequestItem } from '#features/privacy/requests/rules.ts'
import { dataActsOpen, daysTold } from './rules.ts'

const request = (kind: DataRequestItem['kind'], state: DataRequestItem['state']): DataRequestItem => ({
  ...{ id: `${kind} ${state}`, kind, state, field: null, eventSeq: 1, firstDueAt: null, decidedAt: null },
  askedAt: new Date(0),
  dueAt: new Date(0),
})
const open = (requests: DataRequestItem[], kept: Parameters<typeof dataActsOpen>[0]['kept'] = null) =>
  dataActsOpen({ requests, kept, consent: true })

test('what waits for its answer is not asked for again, nor what the law keeps', () => {
  expect(open([])).toEqual(['ask_correction', 'withdraw_consent', 'ask_erasure'])
  expect(dataActsOpen({ requests: [], kept: null, consent: false })).toEqual([
    'ask_correction',
    'ask_erasure',
  ])
  expect(open([request('correct', 'open')])).toEqual(['withdraw_consent', 'ask_erasure'])
  expect(open([request('correct', 'granted')])).toContain('ask_correction')
  expect(open([], 'not_over')).not.toContain('ask_erasure')
  expect(open([request('erase', 'granted')])).not.toContain('ask_erasure')
  expect(open([request('erase', 'refused')])).toContain('ask_erasure')
})

test('by a code alone no day tells a phone that is watched from one that waits for its second person', () => {
  const by = new Date(0)
  const clocks = [{ overdue: true }, { overdue: false }]
  const all = { clocks, next: [{ by }], lateness: [{ kind: 'decision' }, { kind: 'unblock_decision' }] }
  const none = { clocks: [{ overdue: true }], next: [{ by: null }], lateness: [{ kind: 'decision' }] }
  expect(daysTold('status', { state: 'verified' }, true, all)).toEqual(none)
  expect(daysTold('full', { state: 'verified' }, true, all)).toEqual(all)
  expect(daysTold('status', { state: 'verified' }, false, all)).toEqual(all)
  expect(daysTold('status', { state: 'blocked' }, true, all)).toEqual(all)
})
