import { spawnSync } from 'node:child_process'
import { Document, Page, renderToBuffer, View } from '@react-pdf/renderer'
import { createElement as h } from 'react'
import { expect, it } from 'vitest'
import { say, styles, table } from './parts.ts'

const NAME = 'Căn cứ pháp lý'

/** Returns the text of each page of a table that starts `height` points down; null where `pdftotext` is not installed. */
async function pagesOf(height: number): Promise<string[] | null> {
  const tall = h(View, {}, ...['a', 'b', 'c', 'd'].map((line) => say(`dòng ${line}`)))
  const rows = Array.from({ length: 24 }, (_, at) => [`hàng ${at}`, at % 9 === 0 ? tall : 'dòng a'])
  const columns = ['Số', NAME].map((label) => ({ label, width: 50 }))
  const above = h(View, { style: { height } }, say('trên'))
  const page = h(Page, { size: 'A4', style: styles.page }, h(View, {}, above, table({ columns, rows })))
  const read = spawnSync('pdftotext', ['-layout', '-', '-'], {
    input: await renderToBuffer(h(Document, {}, page)),
    encoding: 'utf8',
  })
  return read.error ? null : read.stdout.split('\f').slice(0, -1)
}

it('a table’s head stands once on each of its pages, and never without a row', async () => {
  for (const height of [640, 665, 690, 715, 730]) {
    const pages = await pagesOf(height)
    if (pages === null) return
    const told = pages.map((page) => ({
      heads: page.split(NAME).length - 1,
      rows: page.match(/hàng/g)?.length ?? 0,
    }))
    expect(told.reduce((sum, { rows }) => sum + rows, 0)).toBe(24)
    for (const { heads, rows } of told) expect(heads).toBe(rows > 0 ? 1 : 0)
  }
})

it('the last row of a table never stands alone on a page', async () => {
  for (let height = 200; height <= 720; height += 13) {
    const pages = await pagesOf(height)
    if (pages === null) return
    const last = pages.at(-1)?.match(/hàng/g)?.length ?? 0
    expect(last === 0 || last > 1).toBe(true)
  }
})
