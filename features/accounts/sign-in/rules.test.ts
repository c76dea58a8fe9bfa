import { expect, test } from 'vitest'
import { MINUTE } from '#lib/time.ts'
import { passwordFault, waitAfter } from './rules.ts'

test('the first mistakes cost nothing, then the wait doubles up to a quarter of an hour', () => {
  expect([0, 1, 3].map(waitAfter)).toEqual([0, 0, 0])
  expect([4, 5, 6].map(waitAfter)).toEqual([2_000, 4_000, 8_000])
  expect(waitAfter(13)).toBe(15 * MINUTE)
  expect(waitAfter(10_000)).toBe(15 * MINUTE)
})

test('a password is judged by its length, and by what everybody knows of its owner', () => {
  const own = ['lan.nguyen', 'antam']
  expect(passwordFault('mười một chữ'.slice(1), own)).toBe('too_short')
  expect(passwordFault('mười hai chữ', own)).toBeNull()
  expect(passwordFault('con mèo ngủ '.repeat(11).slice(0, 128), own)).toBeNull()
  expect(passwordFault('con mèo ngủ '.repeat(11).slice(0, 129), own)).toBe('too_long')
  for (const plain of ['aaaaaaaaaaaaaa', 'Lan-Nguyen 2026 abc', 'Bình An, Tâm sáng!', 'ánTÂMxyz987654'])
    expect(passwordFault(plain, own), plain).toBe('too_plain')
})

test('composed and decomposed letters count alike, in either direction', () => {
  for (const word of ['mười một kỹ', 'mười hai chữ', 'ễ'.repeat(129), 'nguyễn'.repeat(20)])
    expect(passwordFault(word.normalize('NFD'), [])).toBe(passwordFault(word, []))
})
