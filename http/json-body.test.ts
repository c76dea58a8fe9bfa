import { expect, test } from 'vitest'
import { jsonBody } from './json-body.ts'

const LIMIT = 2_000_000
const read = (body: BodyInit, type = 'application/json') =>
  jsonBody(new Request('http://x', { method: 'POST', body, headers: { 'content-type': type } }), LIMIT)

async function refusal(body: BodyInit, type?: string) {
  const refused = await read(body, type)
  if (refused.ok) return null
  const told = (await refused.error.json()) as { readonly type: string }
  return [refused.error.status, told.type.split(':').at(-1)]
}

test.each([
  '{"upTo":1,"upTo":2}',
  String.raw`{"upTo":1,"\u0075pTo":2}`,
  '{"results":[{"order":"a","at":"b"},{"order":"a","imei":"1","imei":"2"}]}',
  '{"a":{"b":[1,{"c":2}],"b":3}}',
  '{"":1,"":2}',
  '{"__proto__":1,"__proto__":2}',
])('a name twice in one object is refused: %s', async (body) => {
  expect(await refusal(body)).toEqual([400, 'name-twice'])
})

test.each([
  '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
  String.raw`{"a":"\"a\":1,\"a\":2","b":"{\\","c":"}:"}`,
  '[[],{},"a",{"a":"b:c"},1e3,null]',
  '{"A":1,"a":1}',
])('names that only look alike are read: %s', async (body) => {
  expect(await read(body)).toEqual({ ok: true, value: JSON.parse(body) })
})

test('a long body is looked through: a long text, many escapes, deep nesting', async () => {
  for (const body of [
    `{"a":"${'x'.repeat(1_900_000)}"}`,
    `{"a":"${String.raw`\n`.repeat(900_000)}"}`,
    `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  ]) {
    expect((await read(body)).ok).toBe(true)
  }
})

test('what is cut off, no JSON, no UTF-8, too large or of another type is refused', async () => {
  expect(await refusal('{"upTo":')).toEqual([400, 'unreadable-body'])
  expect(await refusal('')).toEqual([400, 'unreadable-body'])
  expect(await refusal(new Uint8Array([0x22, 0xff, 0x22]))).toEqual([400, 'unreadable-body'])
  expect(await refusal('x'.repeat(LIMIT + 1))).toEqual([413, 'too-large'])
  expect(await refusal('{}', 'text/plain')).toEqual([415, 'not-json'])
})

test.each([
  ['application/json; charset=utf-16', undefined, 'not-json'],
  ['application/json;charset="ISO-8859-1"', undefined, 'not-json'],
  ['application/json', 'gzip', 'encoded-body'],
  ['application/json', 'identity, br', 'encoded-body'],
  ['application/json; charset=UTF-8', undefined, null],
  ['application/json; charset="utf8"', 'identity', null],
])('a body that is said to be other bytes than it is, is refused: %s, %s', async (type, encoding, code) => {
  const headers = { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) }
  const sent = await jsonBody(new Request('http://x', { method: 'POST', body: '{}', headers }), LIMIT)
  if (code === null) return expect(sent).toEqual({ ok: true, value: {} })
  if (sent.ok) throw new Error('it was read')
  expect(sent.error.status).toBe(415)
  expect(((await sent.error.json()) as { type: string }).type).toMatch(new RegExp(`:${code}$`))
})
