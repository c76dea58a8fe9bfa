import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ok } from '#lib/result.ts'
import { readGivenImei, writeChoice, writeReading } from './rules.ts'

const id = fc.uuid()

test('what a form names comes back: a carrier’s answer, or what was read in a file', () => {
  fc.assert(
    fc.property(id, fc.nat(7), fc.nat(99), (question, answer, place) => {
      const chosen = { question, at: answer }
      expect(readGivenImei([], writeChoice(chosen))).toEqual(ok({ chosen }))
      const read = { evidence: question, at: place }
      expect(readGivenImei([], writeReading(read))).toEqual(ok({ read }))
      // The limit of the form field.
      expect(writeReading(read).length).toBeLessThanOrEqual(40)
    }),
  )
})

test('nothing else is a choice', () => {
  fc.assert(
    fc.property(fc.string(), (written) => {
      expect(readGivenImei([], written)).toEqual(ok(null))
    }),
  )
  expect(readGivenImei([], `${crypto.randomUUID()}:8`)).toEqual(ok(null))
})

test('what is typed counts for more', () => {
  const choice = writeReading({ evidence: crypto.randomUUID(), at: 0 })
  expect(readGivenImei(['352099001761481'], choice)).toMatchObject(
    ok({ typed: [{ imei: '352099001761481' }] }),
  )
})
