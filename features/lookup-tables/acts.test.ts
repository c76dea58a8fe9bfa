import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { db } from '#tests/db.ts'
import { seedReference } from '../../prisma/seed/reference.ts'
import { importTacFile } from '../../scripts/tac-import.ts'
import { bankHotlines, deviceOf, holidays } from './data.ts'

const directory = mkdtempSync(join(tmpdir(), 'an-tam-tac-'))
function file(content: string | Buffer): string {
  const path = join(directory, 'tacs.csv')
  writeFileSync(path, content)
  return path
}
afterEach(async () => {
  await db.tac.deleteMany({})
})

describe('importTacs', () => {
  it('takes a file in, and a second time changes nothing', async () => {
    const path = file(
      '\ufeffTAC,Manufacturer,Model\r\n35999901,Example,"One 5"""\r\n\r\n35999902,Ví Dụ,Hai\r\n',
    )
    expect(await importTacFile(path)).toEqual({ changed: 2, same: 0, faulty: 0, faults: [] })
    expect(await deviceOf('35999901')).toEqual({ manufacturer: 'Example', model: 'One 5"' })
    expect(await importTacFile(path)).toMatchObject({ changed: 0, same: 2 })
  })

  it('replaces what it knows better, and leaves faulty lines out by number', async () => {
    await importTacFile(file('35999901,Example,One\n'))
    const path = file(
      'TAC,Manufacturer,Model\n35999901,Example,Uno\nnonsense\n3599,Example,Two\n35999903,X,Y',
    )
    expect(await importTacFile(path)).toEqual({
      changed: 2,
      same: 0,
      faulty: 2,
      faults: [
        { line: 3, fault: 'columns' },
        { line: 4, fault: 'tac' },
      ],
    })
    expect((await deviceOf('35999901'))?.model).toBe('Uno')
    expect(await db.tac.count()).toBe(2)
  })

  it('takes tens of thousands of rows in seconds, also with one named twice', async () => {
    const rows = Array.from({ length: 30_000 }, (_, n) => `${35_000_000 + n},Example,Model ${n}`)
    const started = performance.now()
    const result = await importTacFile(file([...rows, '35000000,Example,Again'].join('\n')))
    expect(result).toMatchObject({ changed: 30_001, faulty: 0 })
    expect(await db.tac.count()).toBe(30_000)
    expect((await deviceOf('35000000'))?.model).toBe('Again')
    expect(performance.now() - started).toBeLessThan(15_000)
  })

  it('says so when there is no such file', async () => {
    await expect(importTacFile(join(directory, 'none.csv'))).rejects.toThrow(/ENOENT/)
  })
})

it('the holidays of the year stand in every database', async () => {
  const days = await holidays()
  expect(days.has('2026-09-02')).toBe(true)
  expect(days.has('2026-09-03')).toBe(false)
})

const newBank = (id: string) => ({
  id,
  ordinal: 99,
  kind: 'bank' as const,
  name: 'X',
  also: [],
  numbers: [],
  site: 'https://x.vn',
  asOf: new Date(),
})

describe('banks and wallets', () => {
  it('stand in every database, the largest first, and no number without the page that says it', async () => {
    const banks = await bankHotlines()
    expect(banks[0]).toMatchObject({ id: 'vietcombank', numbers: ['1900545413'] })
    for (const { numbers, source } of banks) expect(numbers.length > 0).toBe(source !== null)
    await expect(db.bank.create({ data: { ...newBank('x'), numbers: ['19001234'] } })).rejects.toThrow(
      /banks_numbers_have_a_source/,
    )
  })

  it('follow the release: what it has no more is gone, what it says better is mended', async () => {
    await db.bank.create({ data: newBank('gone') })
    await db.bank.update({ where: { id: 'vietcombank' }, data: { numbers: ['113'] } })
    await seedReference(db)
    expect(await db.bank.count({ where: { id: 'gone' } })).toBe(0)
    expect((await db.bank.findUniqueOrThrow({ where: { id: 'vietcombank' } })).numbers).toEqual([
      '1900545413',
    ])
  })
})
