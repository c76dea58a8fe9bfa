import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { remembered } from './remembered.ts'

test('those who ask at once, or soon after, get one reading', async () => {
  let readings = 0
  const ask = remembered(200, async () => {
    readings++
    await sleep(20)
    return readings
  })
  expect(await Promise.all(Array.from({ length: 80 }, ask))).toEqual(Array(80).fill(1))
  expect(await ask()).toBe(1)
  await sleep(250)
  expect(await ask()).toBe(2)
})

test('a reading that failed is not kept', async () => {
  let fails = true
  const ask = remembered(60_000, async () => {
    if (fails) throw new Error('away')
    return 'there'
  })
  await expect(Promise.all([ask(), ask()])).rejects.toThrow('away')
  fails = false
  expect(await ask()).toBe('there')
})
