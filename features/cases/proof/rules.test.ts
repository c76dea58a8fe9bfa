import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EVIDENCE_KINDS } from '#features/evidence/files/rules.ts'
import { MOVES, ruleOf } from '../moves/rules.ts'
import {
  type Answerable,
  answerable,
  answersTo,
  asksForCheck,
  CHECK_ANSWERS,
  CHECK_FIELDS,
  fieldsToCheck,
  type GivenCheck,
  IMEI_CHECKS,
  imeiChecksOf,
  missingAnswers,
  refuseProof,
  suggested,
  wholeCheck,
} from './rules.ts'

const kinds = fc.subarray([...EVIDENCE_KINDS], { minLength: 1 })
const count = fc.integer({ min: 1, max: 4 })
const can: fc.Arbitrary<Answerable> = fc
  .tuple(count, kinds, fc.boolean())
  .map(([numbers, of, device]) => answerable(IMEI_CHECKS.slice(0, numbers), of, device))
const check: fc.Arbitrary<GivenCheck> = fc.record(
  Object.fromEntries(CHECK_FIELDS.map((field) => [field, fc.constantFrom(...CHECK_ANSWERS[field])])) as {
    readonly [F in keyof GivenCheck]-?: fc.Arbitrary<NonNullable<GivenCheck[F]>>
  },
  { requiredKeys: [] },
)

describe('a checklist', () => {
  test('leads to a block only where each number that is asked has its answer, one is there, and none differs', () => {
    fc.assert(
      fc.property(can, check, (asked, given) => {
        const refusal = refuseProof('matches', { files: 1, seen: true, check: given, can: asked })
        const answers = asked.imeiChecks.map((field) => given[field])
        const sound =
          fieldsToCheck(asked).every((field) => answersTo(field, asked).includes(given[field] ?? '')) &&
          IMEI_CHECKS.every((field) => given[field] === undefined || asked.imeiChecks.includes(field)) &&
          answers.includes('yes') &&
          !answers.includes('no')
        expect(refusal === null).toBe(sound)
        if (refusal === 'check_missing') expect(missingAnswers(given, asked)).not.toEqual([])
      }),
    )
  })

  test('is whole with an answer for each number that is asked, each at its own number', () => {
    const imeis = ['a', 'b', 'c'].map((key14) => ({ key14 }))
    const given: GivenCheck = {
      checkImei2: 'yes',
      checkImei3: 'not_visible',
      checkName: 'none',
      checkDevice: 'yes',
    }
    expect(wholeCheck(given, ['checkImei2', 'checkImei3'], imeis)?.imeis).toEqual([
      { key14: 'b', answer: 'yes' },
      { key14: 'c', answer: 'not_visible' },
    ])
    expect(wholeCheck(given, ['checkImei1', 'checkImei2'], imeis)).toBeNull()
  })

  test('asks about what a move is about: all, what waits, or what is blocked', () => {
    const imeis = [true, false, true].map((isPublic, at) => ({ key14: String(at), isPublic }))
    expect(imeiChecksOf('approve', imeis)).toEqual(['checkImei1', 'checkImei2', 'checkImei3'])
    expect(imeiChecksOf('approve_imeis', imeis)).toEqual(['checkImei2'])
    expect(imeiChecksOf('approve_unblock', imeis)).toEqual(['checkImei1', 'checkImei3'])
    for (const move of MOVES.filter(asksForCheck)) expect(imeiChecksOf(move, imeis), move).not.toEqual([])
  })
})

describe('what is suggested', () => {
  test('can be chosen, is no agreement that nobody can see, and leaves what the machine has not read', () => {
    fc.assert(
      fc.property(can, fc.subarray([...IMEI_CHECKS]), (asked, read) => {
        const said = suggested(asked, read)
        for (const field of fieldsToCheck(asked))
          if (said[field]) expect(answersTo(field, asked)).toContain(said[field])
        expect(said.checkName).not.toBe('yes')
        expect(said.checkDevice).not.toBe('yes')
        for (const field of IMEI_CHECKS)
          expect(said[field]).toBe(
            read.includes(field) && asked.imeiChecks.includes(field) ? 'yes' : undefined,
          )
      }),
    )
  })

  test('of a box is that it bears no name; beside an invoice the name is for a person to see', () => {
    expect(suggested(answerable(['checkImei1'], ['box'], false), ['checkImei1'])).toEqual({
      checkImei1: 'yes',
      checkName: 'none',
      checkDevice: 'unknown',
    })
    expect(suggested(answerable(['checkImei1'], ['box', 'invoice'], true), [])).toEqual({})
  })
})

test('no act of the desk has a key of the answers', () => {
  const block = [...'123qweasdzxc']
  const keys = MOVES.flatMap((move) => {
    const { form } = ruleOf(move)
    return form && 'key' in form ? [form.key] : []
  })
  expect(keys.filter((key) => block.includes(key))).toEqual([])
})
