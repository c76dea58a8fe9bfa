import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson as canonical } from '#lib/canonical-json.ts'
import { sha256 } from '#platform/signatures.ts'
import { type AuditEntry, hashOfLeaf, isCommitted, publicBytes, textOf, writtenFacts } from './rules.ts'

const entry: AuditEntry = {
  v: 1,
  id: '42',
  at: new Date('2026-11-24T08:00:03.120Z'),
  actorKind: 'staff',
  actorId: '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11',
  act: 'case.verify',
  subjectKind: 'case',
  subjectId: 'c1',
  requestId: null,
  facts: { version: 3, from: 'under_review', to: 'verified' },
  caseId: null,
  beforeHash: null,
  afterHash: null,
}
const written = textOf

test('the bytes of an entry, as they are for ever', () => {
  expect(written(entry)).toBe(
    '{"act":"case.verify","actorId":"7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11","actorKind":"staff",' +
      '"at":"2026-11-24T08:00:03.120Z","facts":{"from":"under_review","to":"verified","version":3},' +
      '"id":"42","requestId":null,"subjectId":"c1","subjectKind":"case","v":1}',
  )
})

test('since version 2 an entry has its case and hashes; one of version 1 that has got some is another', () => {
  const now = { ...entry, v: 2, caseId: 'c1', beforeHash: null, afterHash: Uint8Array.of(1, 2, 3) }
  expect(written(now)).toBe(
    '{"act":"case.verify","actorId":"7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11","actorKind":"staff",' +
      '"afterHash":"AQID","at":"2026-11-24T08:00:03.120Z","beforeHash":null,"caseId":"c1",' +
      '"facts":{"from":"under_review","to":"verified","version":3},' +
      '"id":"42","requestId":null,"subjectId":"c1","subjectKind":"case","v":2}',
  )
  expect(written({ ...entry, afterHash: Uint8Array.of(1) })).not.toBe(written(entry))
  expect(written({ ...entry, caseId: 'c1' })).not.toBe(written(entry))
})

test('since version 3 the tree has the hash of the text, or the text itself where everybody may read it', () => {
  const since3 = { ...entry, v: 3, requestId: 'salt', caseId: 'c1' }
  const { v, act, ...others } = JSON.parse(written(since3))
  expect(publicBytes(sha256, written(since3))).toEqual(sha256(new TextEncoder().encode(written(since3))))
  expect(isCommitted(JSON.stringify({ v, act, ...others }))).toBe(true)
  const open = written({ ...since3, act: 'audit.resumed' })
  expect(new TextDecoder().decode(publicBytes(sha256, open))).toBe(open)
  for (const old of [1, 2]) {
    const text = written({ ...entry, v: old })
    expect(publicBytes(sha256, text), `version ${old}`).toEqual(new TextEncoder().encode(text))
  }
  expect(hashOfLeaf(sha256, written(since3))).not.toEqual(hashOfLeaf(sha256, written({ ...since3, v: 2 })))
})

test('no two entries have the same bytes, not even with a time that is none', () => {
  const text = fc.string()
  const hash = fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }))
  const some = fc.record<AuditEntry>({
    v: fc.constantFrom(1, 2),
    id: fc.bigInt().map(String),
    at: fc.date(),
    actorKind: text,
    actorId: fc.option(text),
    act: text,
    subjectKind: text,
    subjectId: text,
    requestId: fc.option(text),
    facts: fc.jsonValue(),
    caseId: fc.option(text),
    beforeHash: hash,
    afterHash: hash,
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

test('a signed note of several lines stands on the line’s own page alone', () => {
  const facts = { reason: 'Restored', lost: null, note: 'an-tam\n12\nabc=\n' }
  expect(writtenFacts(facts, true)).toEqual([['reason', 'Restored']])
  expect(writtenFacts(facts, false).map(([name]) => name)).toEqual(['reason', 'note'])
  expect(writtenFacts(null, true)).toEqual([])
})
