import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { localDate } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { makeBook, steps } from '#tests/factories/book.ts'
import { makeBlockingCase, randomImei, unblock } from '#tests/factories/case.ts'
import { LIST_HEADER, listInForce } from '../book/rules.ts'
import { listFile, listRows } from './data.ts'

afterAll(closeSignals)

async function list(carrierId: string, seq: number) {
  const file = await listFile(carrierId, seq)
  if (file === null) throw new Error('there is no such list')
  const text = await new Response(file.body).text()
  expect(createHash('sha256').update(text).digest('hex')).toBe(file.sha256)
  expect(Buffer.byteLength(text)).toBe(file.bytes)
  expect(text.split('\n').length - 2).toBe(file.rows)
  return text
}

test('the list at a sequence stays what it was, even where more is written later', async () => {
  const imeis = [randomImei(), randomImei()].sort()
  const made = await makeBlockingCase({ imeis, now: new Date('2026-11-23T17:30:00Z') })
  const blocked = await list('viettel', 2)
  // 23 November in UTC is the 24th in the city.
  expect(blocked).toBe(`${LIST_HEADER}${imeis.map((imei) => `${imei},20261124,robbed\n`).join('')}`)
  await unblock(made)
  expect(await list('viettel', 4)).toBe(LIST_HEADER)
  expect(await list('viettel', 2)).toBe(blocked)
  expect(await list('viettel', 0)).toBe(LIST_HEADER)
  expect(await listFile('viettel', 5)).toBeNull()
})

test('the list computed in the database is what replaying the book gives, at any sequence and page size', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.nat(24),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(14 as const, 15 as const),
      async (written, seq, page, digits) => {
        const { carrierId, lines } = await makeBook(written)
        let text = ''
        for await (const piece of listRows({ carrierId, seq, digits, page })) text += piece.text
        const replayed = listInForce(lines.filter((line) => line.seq <= seq))
        const expected = replayed.map(
          ({ imei, since, reasons }) =>
            `${imei.slice(0, digits)},${localDate(new Date(since)).replaceAll('-', '')},${reasons.join('|')}\n`,
        )
        expect(text).toBe(expected.join(''))
      },
    ),
    { numRuns: 40 },
  )
})
