import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { ALERT_CONSENT, readSharing } from './rules.ts'

/** The words of each version, by hash: people agreed to these words, so they never change under their version. */
const WORDS: Readonly<Record<string, string>> = {
  '2026-12-01': '1fa3304891a7fbc0',
  '2026-12-02': 'd7af296c93cae577',
}

const words = (language: 'vi' | 'en'): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../../messages/${language}/alerts.json`, import.meta.url), 'utf8'))
    .consent

test('the words of the consent are those of its version', () => {
  const hash = createHash('sha256')
    .update(JSON.stringify([words('vi'), words('en')]))
    .digest('hex')
    .slice(0, 16)
  expect(hash).toBe(WORDS[ALERT_CONSENT])
})

const open = [
  { id: 'momo', name: 'MoMo' },
  { id: 'bidv', name: 'BIDV' },
]

test('nothing ticked is nothing shared, whatever stands in the field', () => {
  for (const number of ['', '0901234567', 'nonsense'])
    expect(readSharing(['', ''], number, open)).toEqual(ok(null))
})

test('a receiver is taken once, under one number in its usual writing', () => {
  expect(readSharing(['momo', 'bidv', 'momo'], ' 0901.234.567', open)).toEqual(
    ok({ receivers: ['momo', 'bidv'], msisdn: '+84901234567' }),
  )
})

test('an unknown receiver and a number that is none are told beside their fields', () => {
  expect(readSharing(['momo', '__proto__'], '0901234567', open)).toEqual(
    err({ share: 'alerts.unknown_receiver' }),
  )
  expect(readSharing(['momo'], '02838297643', open)).toMatchObject(
    err({ shareNumber: expect.stringMatching(/^report\.mobile\./) }),
  )
})
