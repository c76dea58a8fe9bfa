import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

it('has one form for one value, with its keys in any order', () => {
  expect(canonicalJson({ b: [1, null, 'é'], 10: 0.5, 9: { z: true, a: undefined } })).toBe(
    '{"10":0.5,"9":{"z":true},"b":[1,null,"é"]}',
  )
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonicalJson(turned)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
