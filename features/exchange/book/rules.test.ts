import { expect, test } from 'vitest'
import { type BookLine, digestLine, listInForce } from './rules.ts'

const line = (
  seq: number,
  imei: string,
  action: BookLine['action'],
  reason: BookLine['reason'],
): BookLine => ({
  seq,
  order: '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11',
  imei,
  action,
  reason,
  issuedAt: `2026-11-24T08:00:0${seq}.000Z`,
})

test('the digest covers the contract’s six fields with a line feed after each line', () => {
  expect(digestLine(line(3, '356789101234569', 'block', 'robbed'))).toBe(
    '3,7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11,356789101234569,block,robbed,2026-11-24T08:00:03.000Z\n',
  )
})

test('the last word on a phone decides; reasons gather until it is lifted', () => {
  const [a, b] = ['356789101234569', '356789101234577']
  const lines = [
    line(1, b, 'block', 'robbed'),
    line(2, a, 'block', 'robbed'),
    line(3, a, 'unblock', 'recovered'),
    line(4, a, 'block', 'stolen'),
    line(5, a, 'block', 'hold'),
    line(6, b, 'unblock', 'wrong'),
  ]
  expect(listInForce(lines)).toEqual([
    { imei: a, since: '2026-11-24T08:00:04.000Z', reasons: ['hold', 'stolen'] },
  ])
  expect(listInForce(lines.slice(0, 3)).map((phone) => phone.imei)).toEqual([b])
})
