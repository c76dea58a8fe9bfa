import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { MAX_CSV_ROWS } from '#features/cases/found/rules.ts'
import { csvRows, readCsv } from './csv.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const utf16 = (text: string, big: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return big ? bytes.swap16() : bytes
}
const ROWS = [
  ['imei', 'nơi giữ'],
  ['352987065816623', 'Phường 6, Quận 3'],
]
const TEXT = 'imei;nơi giữ\r\n352987065816623;Phường 6, Quận 3\r\n'

test.each([
  ['UTF-8', utf8(TEXT)],
  ['UTF-8 with a mark', utf8(`\ufeff${TEXT}`)],
  ['UTF-16 LE', utf16(TEXT, false)],
  ['UTF-16 BE', utf16(TEXT, true)],
  ['old line ends', utf8(TEXT.replaceAll('\r\n', '\n'))],
  ['tabs', utf8(TEXT.replaceAll(';', '\t'))],
  ['commas and quotes', utf8('imei,"nơi giữ"\n352987065816623,"Phường 6, Quận 3"')],
  ['Excel’s line', utf8(`sep=;\r\n${TEXT}`)],
  ['empty lines', utf8(`\n${TEXT}\n;\n\n`)],
])('reads %s', async (_, bytes) => {
  expect(await readCsv(bytes)).toEqual({ rows: ROWS })
})

test.each([
  ['UTF-8', utf8],
  ['UTF-16', (text: string) => utf16(text, false)],
] as const)(
  '%s is read the same however it is cut on its way, and however long it is',
  async (_, encoded) => {
    const read = (bytes: Uint8Array, size: number) =>
      Array.fromAsync(
        csvRows(
          Readable.from(
            Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
              bytes.subarray(n * size, (n + 1) * size),
            ),
          ),
        ),
      )
    for (const size of [1, 3, 7]) expect(await read(encoded(`sep=;\r\n${TEXT}`), size)).toEqual(ROWS)
    // Longer than the inspected beginning of a file, with a multi-byte letter across its end.
    const rows = await read(encoded(TEXT.repeat(3_000)), 1_021)
    expect(new Set(rows.map((row) => row.join('|')))).toEqual(new Set(ROWS.map((row) => row.join('|'))))
    expect(rows).toHaveLength(6_000)
  },
)

test('keeps cells as they stand: formulas, quotes inside, line ends, short and long rows', async () => {
  const text = 'imei,note\n="352987065816623",=1+1\n1,"a ""b"" c\nd",x\n2\n'
  expect(await readCsv(utf8(text))).toEqual({
    rows: [['imei', 'note'], ['="352987065816623"', '=1+1'], ['1', 'a "b" c\nd', 'x'], ['2']],
  })
})

test.each([
  ['a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0xff]), 'encoding'],
  ['an old code page', new Uint8Array([0x69, 0xd0, 0x41, 0x0a]), 'encoding'],
  ['zeros', new Uint8Array(100), 'encoding'],
  ['nothing', new Uint8Array(), 'empty'],
  ['blank lines', utf8('\n\n;;\n'), 'empty'],
  ['an open quote', utf8('imei\n"352987'), 'broken'],
  ['an endless cell', utf8(`imei\n"${'x'.repeat(200_000)}"`), 'broken'],
  ['a row too many', utf8(`imei\n${'1\n'.repeat(MAX_CSV_ROWS + 1)}`), 'too_many_rows'],
  ['a million rows', utf8('1\n'.repeat(1_000_000)), 'too_many_rows'],
])('refuses %s', async (_, bytes, fault) => {
  expect(await readCsv(bytes)).toEqual({ fault })
})

test('takes as many rows as it says', async () => {
  expect(await readCsv(utf8(`imei\n${'1\n'.repeat(MAX_CSV_ROWS)}`))).toHaveProperty(
    'rows.length',
    MAX_CSV_ROWS + 1,
  )
})
