import { expect, test } from 'vitest'
import {
  answersOpen,
  findAlike,
  mayBecome,
  mergeFault,
  readPublicAnswer,
  SUGGESTION_STATES,
} from './rules.ts'

test('what may become of a suggestion', () => {
  const next = Object.fromEntries(
    SUGGESTION_STATES.map((from) => [from, SUGGESTION_STATES.filter((to) => mayBecome(from, to))]),
  )
  expect(next).toEqual({
    new: ['merged', 'accepted', 'tried', 'declined'],
    merged: ['new'],
    tried: ['accepted', 'tried', 'declined'],
    accepted: ['accepted'],
    declined: ['accepted', 'tried', 'declined'],
  })
  expect(answersOpen('merged')).toEqual([])
})

test('a suggestion goes into another that stands for itself', () => {
  const one = (id: string, state: (typeof SUGGESTION_STATES)[number]) => ({ id, state })
  expect(mergeFault(one('a', 'new'), one('b', 'new'))).toBeNull()
  expect(mergeFault(one('a', 'new'), one('b', 'accepted'))).toBeNull()
  expect(mergeFault(one('a', 'new'), one('a', 'new'))).toBe('same')
  expect(mergeFault(one('a', 'accepted'), one('b', 'new'))).toBe('closed')
  expect(mergeFault(one('a', 'new'), one('b', 'merged'))).toBe('into_merged')
})

test('what is published is in Vietnamese at least, and names nobody', () => {
  const answer = { summaryVi: 'Hỏi thêm về phí.', answerVi: 'Đã thêm ở phiên bản 2.' }
  expect(readPublicAnswer({ ...answer, summaryEn: ' ' })).toEqual({
    ok: true,
    value: { ...answer, summaryEn: null, answerEn: null },
  })
  const faults = (more: Record<string, string>) => {
    const read = readPublicAnswer({ ...answer, ...more })
    return read.ok ? {} : read.error
  }
  expect(faults({ summaryVi: '', answerVi: 'a'.repeat(1_001) })).toEqual({
    summaryVi: 'summary.empty',
    answerVi: 'answer.too_long',
  })
  expect(faults({ summaryVi: 'Gọi 0903 123 456.', answerEn: 'Write to lan@example.vn.' })).toEqual({
    summaryVi: 'personal',
    answerEn: 'personal',
  })
  expect(faults({ summaryVi: 'Chị Trần Bảo Ngọc đề nghị hỏi thêm.' })).toEqual({ summaryVi: 'personal' })
  expect(faults({ answerVi: 'Từ 01/12/2026, theo Nghị định 61/2018/NĐ-CP.' })).toEqual({})
})

test('what says the same is alike, and not what only begins alike', () => {
  const texts = [
    'Nên có chữ to hơn cho người già',
    'chu to len cho nguoi gia doc',
    'Nên có phiếu tiếng Hoa',
    'Phiếu tiếng Khmer cho bà con',
    'Thêm câu hỏi về chỗ gửi xe',
    'Nên hỏi về bãi gửi xe, chỗ gửi xe thiếu',
    'Nên có câu hỏi về phí',
    'Hỏi thêm về lệ phí, phí công chứng',
    'Câu 3 khó hiểu',
    'Câu hỏi dài quá',
  ]
  const all = texts.map((text, at) => ({ id: String(at), text }))
  const likest = findAlike(all)
  const alike = all.map((one) => likest(one, 5).map(({ id }) => Number(id)))
  expect(alike).toEqual([[1], [0], [], [], [5], [4], [7], [6], [], []])
  expect(likest({ id: 'x', text: ' NÊN CÓ  phiếu tiếng Hoa ' }, 1)).toEqual([all[2]])
  expect(likest({ id: 'x', text: '…' }, 5)).toEqual([])
})
