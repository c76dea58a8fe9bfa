import { describe, expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { readChange, readDeed, readReply } from './rules.ts'

const TODAY = '2026-11-24'
const TYPED = { said: 'Bạn nói phải chờ lâu.', answer: 'Đã mở thêm một quầy.' }
const faults = (typed: Record<string, string>) => {
  const read = readReply({ ...TYPED, ...typed }, TODAY)
  return read.ok ? null : read.error
}

describe('readReply', () => {
  it('reads an answer with and without a promise, in composed letters', () => {
    expect(readReply({ said: TYPED.said.normalize('NFD'), answer: ' Đã mở.\r\nXong. ' }, TODAY)).toEqual(
      ok({ saidVi: TYPED.said, saidEn: null, answerVi: 'Đã mở.\nXong.', answerEn: null, promise: null }),
    )
    const promised = readReply({ ...TYPED, promise: 'Mở quầy số 5.', dueOn: TODAY }, TODAY)
    expect(promised.ok && promised.value.promise).toEqual({
      promiseVi: 'Mở quầy số 5.',
      promiseEn: null,
      dueOn: TODAY,
    })
  })

  it.each([
    [{ said: ' ' }, { said: 'said.empty' }],
    [{ answer: '' }, { answer: 'answer.empty' }],
    [{ answer: 'ă'.repeat(1_001) }, { answer: 'answer.too_long' }],
    [{ said: 'Chị Lan ở quầy 3 làm chậm.' }, { said: 'personal' }],
    [{ answerEn: 'Call 0912 345 678.' }, { answerEn: 'personal' }],
    [{ promise: 'Mở quầy.' }, { dueOn: 'due.empty' }],
    [{ dueOn: TODAY }, { promise: 'promise.empty' }],
    [{ promiseEn: 'Open a desk.', dueOn: TODAY }, { promise: 'promise.empty' }],
    [{ promise: 'Mở quầy.', dueOn: '2026-11-23' }, { dueOn: 'due.past' }],
    [{ promise: 'Mở quầy.', dueOn: '2028-11-24' }, null],
    [{ promise: 'Mở quầy.', dueOn: '2028-11-25' }, { dueOn: 'due.far' }],
    [{ promise: 'Mở quầy.', dueOn: '2027-02-30' }, { dueOn: 'due.format' }],
    [{ promise: 'Mở quầy.', dueOn: 'mai' }, { dueOn: 'due.format' }],
  ])('%j: %j', (typed, expected) => {
    expect(faults(typed)).toEqual(expected)
  })
})

it('a kept promise says what was done, a changed one why, and both name nobody', () => {
  expect(readDeed({})).toEqual(err({ done: 'done.empty' }))
  expect(readDeed({ done: 'Anh Tuấn đã làm.' })).toEqual(err({ done: 'personal' }))
  const change = { promise: 'Mở quầy.', dueOn: '2027-01-01' }
  expect(readChange(change, TODAY)).toEqual(err({ reason: 'reason.empty' }))
  expect(readChange({ reason: 'Thiếu người.' }, TODAY)).toEqual(
    err({ promise: 'promise.empty', dueOn: 'due.empty' }),
  )
  expect(readChange({ ...change, reason: 'Thiếu người.' }, TODAY).ok).toBe(true)
})
