import { expect, test } from 'vitest'
import { WHOLE_QUEUE } from '../queue/rules.ts'
import { oneDone, positionIn, readStream, type Stream, writeStream } from './rules.ts'

const UNITS = [{ id: 'quan-3' }]

test('a stream is read from an address as it was written there', () => {
  const streams: readonly Stream[] = [
    { filter: { ...WHOLE_QUEUE, view: 'approve' }, done: 6 },
    { filter: WHOLE_QUEUE, done: 0 },
    {
      filter: { ...WHOLE_QUEUE, view: 'sent_back', sort: 'received', kind: 'robbed', unitId: 'quan-3' },
      done: 12,
    },
  ]
  for (const stream of streams) expect(readStream(writeStream(stream), UNITS)).toEqual(stream)
  expect(writeStream(streams[0] ?? (streams[1] as Stream))).toBe('view-approve.n-6')
})

test.each([null, undefined, '', 'n-6', 'x'.repeat(201), ['view-approve']])('%j is no stream', (sent) => {
  expect(readStream(sent, UNITS)).toBeNull()
})

test('what means nothing in a stream is passed over', () => {
  expect(readStream('view-nowhere.n-abc.area-quan-1.kind', UNITS)).toEqual({ filter: WHOLE_QUEUE, done: 0 })
})

test('a place counts what was decided before, and a case that has left the list as the one at hand', () => {
  const key = {}
  expect(positionIn({ done: 6 }, { count: 20, before: 0, key })).toEqual({ at: 7, of: 26 })
  expect(positionIn({ done: 0 }, { count: 3, before: 2, key })).toEqual({ at: 3, of: 3 })
  expect(positionIn({ done: 1 }, { count: 4, before: 0, key: null })).toEqual({ at: 2, of: 6 })
  expect(oneDone({ filter: WHOLE_QUEUE, done: 9_999 }).done).toBe(9_999)
})
