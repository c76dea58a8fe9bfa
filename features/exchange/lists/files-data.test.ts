import { createHash, createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sweep } from '#features/retention/jobs.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBook, steps } from '#tests/factories/book.ts'
import { randomImei } from '#tests/factories/case.ts'
import { LIST_HEADER } from '../book/rules.ts'
import { deltaRows, exchangeKeys, fileOf, listRows, manifest, signDetached } from './data.ts'
import { DELTAS, LIST_FILES, type ListFileName, writeManifest } from './rules.ts'

const text = async (pieces: AsyncIterable<{ text: string }>) => {
  let whole = ''
  for await (const piece of pieces) whole += piece.text
  return whole
}
const byImei = (csv: string) => new Map(csv.split('\n').map((row) => [row.slice(0, row.indexOf(',')), row]))

test('what changed is the difference of two lists, at any sequences and page size', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.nat(24),
      fc.nat(24),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom(14 as const, 15 as const),
      async (written, one, other, page, digits) => {
        const { carrierId } = await makeBook(written)
        const [since, seq] = [Math.min(one, other), Math.max(one, other)]
        const query = { carrierId, digits, page }
        const was = byImei(await text(listRows({ ...query, seq: since })))
        const now = byImei(await text(listRows({ ...query, seq })))
        const expected = {
          blocked: [...now].filter(([imei]) => !was.has(imei)),
          unblocked: [...was].filter(([imei]) => !now.has(imei)),
          changed: [...now].filter(([imei, row]) => was.has(imei) && was.get(imei) !== row),
        }
        const found = { blocked: '', unblocked: '', changed: '' }
        for await (const piece of deltaRows({ ...query, seq }, since)) found[piece.delta] += piece.text
        for (const delta of DELTAS)
          expect(found[delta]).toBe(expected[delta].map(([, row]) => `${row}\n`).join(''))
      },
    ),
    { numRuns: 60 },
  )
})

const [ONE = '', TWO = ''] = [randomImei(), randomImei()].sort()
const BOOK = [
  { imei: ONE, action: 'block', reason: 'robbed' },
  { imei: TWO, action: 'block', reason: 'hold' },
  { imei: TWO, action: 'block', reason: 'stolen' },
  { imei: ONE, action: 'unblock', reason: 'recovered' },
] as const

test('the manifest names each file as it comes', async () => {
  const { carrierId } = await makeBook(BOOK)
  const asked = { seq: 4, since: 2, digits: null }
  const made = await manifest(carrierId, asked)
  expect(made).toMatchObject({ carrier: carrierId, seq: 4, from: 2, digits: 15 })
  const files = new Map<ListFileName, string>()
  for (const { name, rows, bytes, sha256 } of made?.files ?? []) {
    const file = await fileOf(carrierId, name, asked)
    const content = await new Response(file?.body).text()
    files.set(name, content)
    expect(file).toMatchObject({ rows, bytes, sha256 })
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
    expect(Buffer.byteLength(content)).toBe(bytes)
    expect(content.split('\n')).toHaveLength(rows + 2)
  }
  expect(Object.fromEntries(files)).toEqual({
    list: `${LIST_HEADER}${TWO},20261102,hold|stolen\n`,
    blocked: LIST_HEADER,
    unblocked: `${LIST_HEADER}${ONE},20261101,robbed\n`,
    changed: `${LIST_HEADER}${TWO},20261102,hold|stolen\n`,
  })
})

test('a manifest that was asked for before reads no list again, and is the same', async () => {
  const { carrierId } = await makeBook(BOOK)
  const asked = { seq: 4, since: 2, digits: null }
  const first = await manifest(carrierId, asked)
  expect(await db.listFacts.count({ where: { carrierId } })).toBe(LIST_FILES.length)
  // A second reading would miss the deleted lines; only a test can delete them.
  await superuser.query('DELETE FROM book_entries WHERE carrier_id = $1 AND imei = $2', [carrierId, TWO])
  expect(await manifest(carrierId, asked)).toEqual(first)
  // For another span only the changes are read; for another number of digits everything is.
  const since3 = await manifest(carrierId, { ...asked, since: 3 })
  expect(since3?.files[0]).toEqual(first?.files[0])
  expect(since3?.files.map(({ rows }) => rows)).toEqual([1, 0, 1, 0])
  const short = await manifest(carrierId, { ...asked, digits: 14 })
  expect(short?.files[0]?.rows).toBe(0)
  await sweep(addMilliseconds(new Date(), 8 * DAY))
  expect((await manifest(carrierId, asked))?.files[0]?.rows).toBe(0)
})

test('a book with nothing in it has files with a header, and none beyond its end', async () => {
  const { carrierId } = await makeBook([])
  const asked = { seq: 0, since: 0, digits: null }
  expect((await manifest(carrierId, asked))?.files.map(({ name, rows }) => [name, rows])).toEqual(
    LIST_FILES.map((name) => [name, 0]),
  )
  for (const name of LIST_FILES) {
    expect(await new Response((await fileOf(carrierId, name, asked))?.body).text()).toBe(LIST_HEADER)
    expect(await fileOf(carrierId, name, { ...asked, seq: 1 })).toBeNull()
  }
  expect(await manifest(carrierId, { ...asked, seq: 1 })).toBeNull()
})

test('the signature is of the manifest’s bytes, by the key that is published', async () => {
  const { carrierId } = await makeBook(BOOK)
  const made = await manifest(carrierId, { seq: 4, since: 0, digits: 14 })
  if (!made) throw new Error('there is no manifest')
  const payload = writeManifest(made)
  const [header = '', none, signature = ''] = signDetached(payload).split('.')
  expect(none).toBe('')
  const [key] = exchangeKeys().keys
  if (!key) throw new Error('there is no key')
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'EdDSA', kid: key.kid })
  const holds = (bytes: string) =>
    verify(
      null,
      Buffer.from(`${header}.${Buffer.from(bytes).toString('base64url')}`),
      createPublicKey({ key: { ...key }, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    )
  expect(holds(payload)).toBe(true)
  expect(holds(payload.replace('"digits":14', '"digits":15'))).toBe(false)
})
