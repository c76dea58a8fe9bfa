import { expect, test } from 'vitest'
import { MINUTE } from '#domain/time.ts'
import { passwordFault, waitAfter } from './sign-in.ts'

test('the first mistakes cost nothing, then the wait doubles up to a quarter of an hour', () => {
  expect([0, 1, 3].map(waitAfter)).toEqual([0, 0, 0])
  expect([4, 5, 6].map(waitAfter)).toEqual([2_000, 4_000, 8_000])
  expect(waitAfter(13)).toBe(15 * MINUTE)
  expect(waitAfter(10_000)).toBe(15 * MINUTE)
})

test('a password is judged by its length, and by what everybody knows of its owner', () => {
  expect(passwordFault('mười bốn ký tự', [])).toBe('too_short')
  expect(passwordFault('con mèo ngủ trên mái nhà', [])).toBeNull()
  expect(passwordFault('a'.repeat(257), [])).toBe('too_long')
  expect(passwordFault('aaaaaaaabbbbbbbb', [])).toBe('too_plain')
  expect(passwordFault('Lan.Nguyen-2026-abc', ['lan.nguyen'])).toBe('too_plain')
})

test('composed and decomposed letters count alike', () => {
  const word = 'mười bốn kỹ tự.'
  expect(passwordFault(word.normalize('NFD'), [])).toBe(passwordFault(word, []))
})
