import { expect, test } from 'vitest'
import { isGuessable } from './guessable.ts'

test.each([
  'motherfucker', // twelve letters, on the list itself
  'MotherFucker',
  'password12345',
  'P@ssw0rd1234',
  'passwordpassword',
  'qwertyuiop12',
  'abcdefghijkl',
  '123456789012',
  'iloveyou1234',
  'matkhau123456',
])('%s is guessable', async (password) => {
  expect(await isGuessable(password)).toBe(true)
})

test.each(['con mèo ngủ trên mái nhà', 'mười hai chữ', 'xKq93mPlz8vT'])('%s is not', async (password) => {
  expect(await isGuessable(password)).toBe(false)
  expect(await isGuessable(password.normalize('NFD'))).toBe(false)
})

test('the longest password that is taken is judged before anybody notices', async () => {
  const started = performance.now()
  expect(await isGuessable('p4ssw0rd@1'.repeat(13).slice(0, 128))).toBe(true)
  expect(performance.now() - started).toBeLessThan(5_000)
})
