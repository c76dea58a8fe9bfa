import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { answer } from './answer.ts'

const LICENCE = 'https://example.org/licence'
vi.mock('#http/settings.ts', () => ({
  dataLicence: () => ({ name: 'Open', url: LICENCE }),
}))

const ask = (accept: string | null, query = '') =>
  answer(
    new Request(`http://localhost/api/v1/results${query}`, { headers: accept === null ? {} : { accept } }),
    'ket-qua',
    () => ({ name: 'Quận 3' }),
    () => 'name\r\nQuận 3\r\n',
  )
const typeOf = (accept: string | null, query = '') =>
  ask(accept, query).headers.get('content-type')?.split(';')[0]

test.each([
  [null, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV', 'text/csv'],
  ['text/csv; charset=utf-8', 'text/csv'],
  ['text/*', 'text/csv'],
  ['text/csv, application/json', 'text/csv'],
  ['application/json, text/csv', 'application/json'],
  ['application/json;q=0.1, text/csv;q=0.9', 'text/csv'],
  ['text/csv;q=0.1, application/json;q=0.9', 'application/json'],
  ['application/json;q=0.5, text/csv', 'text/csv'],
  ['text/csv, */*;q=0.1', 'text/csv'],
  ['text/csv;q=0, */*', 'application/json'],
  ['application/json;q=0, */*', 'text/csv'],
  ['*/*;q=0.2, application/json;q=0.1', 'text/csv'],
  ['text/html', 'application/json'],
  ['application/json;q=0, text/csv;q=0', 'application/json'],
])('Accept %j is answered as %s', (accept, type) => {
  expect(typeOf(accept)).toBe(type)
})

test('the licence is the one that is set', () => {
  expect(ask('*/*').headers.get('link')).toBe(`<${LICENCE}>; rel="license"`)
})

test('an address that names the form is answered in it, even if Accept asks for another', () => {
  expect(typeOf('application/json', '?format=csv')).toBe('text/csv')
  expect(typeOf('text/csv', '?format=json')).toBe('application/json')
})

test('CSV that a person loads begins with the mark by which spreadsheets know UTF-8; what a program asks for does not', async () => {
  const said = async (accept: string, query = '') =>
    Buffer.from(await ask(accept, query).arrayBuffer()).toString('utf8')
  expect(await said('*/*', '?format=csv')).toBe('\ufeffname\r\nQuận 3\r\n')
  expect(await said('text/csv')).toBe('name\r\nQuận 3\r\n')
  expect(await said('application/json')).toBe('{"name":"Quận 3"}')
})

test('no Accept is too strange to be answered', () => {
  const piece = fc.constantFrom('text', 'csv', '*', '/', ';', 'q', '=', '0.5', ',', ' ', '"', '\\', 'json')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(ask(pieces.join('')).status).toBe(200)
    }),
  )
})

test('what the asker has already is not sent again', async () => {
  const etag = ask('*/*').headers.get('etag') ?? ''
  const again = (tag: string, accept = '*/*') =>
    answer(
      new Request('http://localhost/', { headers: { accept, 'if-none-match': tag } }),
      'ket-qua',
      () => ({ name: 'Quận 3' }),
      () => 'name\r\nQuận 3\r\n',
    )
  for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) expect(again(tag).status).toBe(304)
  expect(await again(etag).text()).toBe('')
  expect(again('"x"').status).toBe(200)
  expect(again(etag, 'text/csv').status).toBe(200)
})
