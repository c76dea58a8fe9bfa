import { expect, test } from 'vitest'
import { readCursor, writeCursor } from './cursor.ts'
import { isUuid } from './uuid.ts'

const id = '0192f0c1-7c1e-7000-8000-00000000000a'

test('a cursor is read as it was written, and anything else is the beginning of the list', () => {
  const cursor = { at: new Date('2026-11-26T10:32:00.123Z'), id }
  expect(readCursor(writeCursor(cursor))).toEqual(cursor)
  for (const other of [
    '',
    '1_',
    `_${id}`,
    `1_${id}x`,
    `x_${id}`,
    `1234567890123456_${id}`,
    [`1_${id}`],
    null,
  ])
    expect(readCursor(other)).toBeNull()
})

test('a place in a list that the release before wrote still leads there', () => {
  for (const separator of ['-', '.'])
    expect(readCursor(`5${separator}${id}`)).toEqual({ at: new Date(5), id })
  expect(readCursor(`2026-11-01_${id}`)).toEqual({ at: new Date('2026-11-01'), id })
  expect(readCursor(`2026-13-01_${id}`)).toBeNull()
})

test('a UUID is one in small letters, whole and alone', () => {
  expect(isUuid(id)).toBe(true)
  for (const other of [id.toUpperCase(), `${id}\n`, ` ${id}`, id.slice(1), id.replaceAll('-', ''), undefined])
    expect(isUuid(other)).toBe(false)
})
