import fc from 'fast-check'
import { expect, test } from 'vitest'
import { actsWhileTyping, combinationsOf, isPress, keyCaps, nextRow } from './shortcut-keys.ts'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
})

test('a letter acts alone, in either case, and with no modifier that is not named', () => {
  expect(isPress('n', press('n'))).toBe(true)
  expect(isPress('n', press('N'))).toBe(true)
  for (const held of ['ctrlKey', 'altKey', 'metaKey', 'shiftKey'] as const)
    expect(isPress('n', press('n', { [held]: true })), held).toBe(false)
  expect(isPress('n', press('m'))).toBe(false)
  expect(isPress('', press('n'))).toBe(false)
})

test('a sign acts with the Shift that it needs, and a combination with its modifiers alone', () => {
  expect(isPress('?', press('?', { shiftKey: true }))).toBe(true)
  expect(isPress('/', press('/'))).toBe(true)
  expect(isPress('/', press('/', { ctrlKey: true }))).toBe(false)
  expect(isPress('Control+Enter', press('Enter', { ctrlKey: true }))).toBe(true)
  expect(isPress('Control+Enter', press('Enter'))).toBe(false)
  expect(isPress('Control+Enter', press('Enter', { ctrlKey: true, shiftKey: true }))).toBe(false)
  expect(isPress('n ArrowDown', press('ArrowDown'))).toBe(true)
  expect(isPress('+ =', press('+', { shiftKey: true }))).toBe(true)
  expect(isPress('+ =', press('='))).toBe(true)
  expect(isPress('Control++', press('+'))).toBe(false)
  expect(keyCaps('+')).toEqual(['+'])
})

test('no attribute makes the reader throw, and nothing acts that it does not name', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 3 }), (attribute, key) => {
      if (isPress(attribute, press(key)))
        expect(combinationsOf(attribute).map((one) => one.key.toLowerCase())).toContain(key.toLowerCase())
    }),
  )
})

test('while typing only Ctrl or Cmd with Enter acts', () => {
  expect(actsWhileTyping(press('Enter', { ctrlKey: true }))).toBe(true)
  expect(actsWhileTyping(press('Enter', { metaKey: true }))).toBe(true)
  for (const other of [press('n'), press('/'), press('Enter'), press('v', { ctrlKey: true })])
    expect(actsWhileTyping(other)).toBe(false)
  // AltGr, which many keyboards need for typing signs.
  expect(actsWhileTyping(press('Enter', { ctrlKey: true, altKey: true }))).toBe(false)
})

test('keys are shown as they stand on a keyboard', () => {
  expect(keyCaps('Control+Enter')).toEqual(['Ctrl', 'Enter'])
  expect(keyCaps('n')).toEqual(['N'])
  expect(keyCaps('/')).toEqual(['/'])
})

test('J and K go from row to row and stay at the ends', () => {
  expect(nextRow(-1, 3, 'j')).toBe(0)
  expect(nextRow(-1, 3, 'k')).toBe(2)
  expect(nextRow(0, 3, 'j')).toBe(1)
  expect(nextRow(2, 3, 'j')).toBeNull()
  expect(nextRow(0, 3, 'k')).toBeNull()
  expect(nextRow(-1, 0, 'j')).toBeNull()
})
