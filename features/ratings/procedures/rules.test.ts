import { expect, it, test } from 'vitest'
import { PROCEDURES, proceduresOf, readProcedure } from './rules.ts'

test.each([
  ['Cấp giấy xác nhận tình trạng hôn nhân', '1.004873'],
  ['cap giay xac nhan tinh trang hon nhan', '1.004873'],
  ['xac nhan tinh trang hon nhan', '1.004873'],
  ['Thủ tục 1.004873.000.00.00.H29', '1.004873'],
  ['Certificate of marital status', '1.004873'],
])('%s is a procedure of the catalogue', (text, code) => {
  expect(readProcedure(text)).toBe(code)
})

test.each(['', 'đăng ký', 'Đăng ký lại', 'giấy', '9.999999', 'đo 77 0'])(
  '%s names no one procedure',
  (text) => {
    expect(readProcedure(text)).toBeNull()
  },
)

it('every name leads to its own procedure, in both languages', () => {
  for (const { id, vi, en } of PROCEDURES) expect([readProcedure(vi), readProcedure(en)]).toEqual([id, id])
})

it('a procedure whose code could not be checked has none, and no name that could be taken for one', () => {
  const unchecked = PROCEDURES.filter(({ code }) => code === null)
  expect(unchecked.length).toBeGreaterThan(0)
  for (const { id } of unchecked) expect(id).not.toMatch(/\d/)
  expect(new Set(PROCEDURES.map(({ id }) => id)).size).toBe(PROCEDURES.length)
})

it('an agency is offered what is done there', () => {
  expect(proceduresOf('ward').map(({ code }) => code)).toContain('1.001193')
  expect(proceduresOf('department').map(({ id }) => id)).toContain('ly-lich-tu-phap')
  expect(proceduresOf('district').length + proceduresOf('department').length).toBe(PROCEDURES.length)
})
