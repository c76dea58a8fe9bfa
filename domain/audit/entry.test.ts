import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AuditEntry, canonical, leafOf } from './entry.ts'

const entry: AuditEntry = {
  id: '42',
  at: new Date('2026-11-24T08:00:03.120Z'),
  actorKind: 'staff',
  actorId: '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11',
  act: 'case.verify',
  subjectKind: 'case',
  subjectId: 'c1',
  requestId: null,
  facts: { version: 3, from: 'under_review', to: 'verified' },
}
const written = (one: AuditEntry) => new TextDecoder().decode(leafOf(one))

test('the bytes of an entry, as they are for ever', () => {
  expect(written(entry)).toBe(
    '{"act":"case.verify","actorId":"7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11","actorKind":"staff",' +
      '"at":"2026-11-24T08:00:03.120Z","facts":{"from":"under_review","to":"verified","version":3},' +
      '"id":"42","requestId":null,"subjectId":"c1","subjectKind":"case","v":1}',
  )
})

test('no two entries have the same bytes, not even with a time that is none', () => {
  const text = fc.string()
  const some = fc.record<AuditEntry>({
    id: fc.bigInt().map(String),
    at: fc.date(),
    actorKind: text,
    actorId: fc.option(text),
    act: text,
    subjectKind: text,
    subjectId: text,
    requestId: fc.option(text),
    facts: fc.jsonValue(),
  })
  fc.assert(
    fc.property(
      some,
      fc.constantFrom(...(Object.keys(entry) as (keyof AuditEntry)[])),
      some,
      (a, field, b) => {
        fc.pre(canonical(a[field]) !== canonical(b[field]) && !Number.isNaN(Number(a.at) + Number(b.at)))
        expect(written({ ...a, [field]: b[field] })).not.toBe(written(a))
      },
    ),
  )
  expect(written({ ...entry, at: Number.POSITIVE_INFINITY as never })).toContain('"at":"Infinity"')
})

test('the order in which facts were written does not matter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (facts) => {
      const turned = Object.fromEntries(Object.entries(facts).reverse())
      expect(canonical(turned)).toBe(canonical(facts))
      expect(canonical(JSON.parse(canonical(facts)))).toBe(canonical(JSON.parse(JSON.stringify(facts))))
    }),
  )
})
