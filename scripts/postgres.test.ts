import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { restoreLinks } from './postgres.ts'

const root = mkdtempSync(join(tmpdir(), 'an-tam-links-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('libraries have their links although no install script ran, and keep those that are there', () => {
  restoreLinks(root)
  mkdirSync(join(root, 'native/lib'), { recursive: true })
  const links = ['libicuuc.so', 'libicuuc.so.60'].map((name) => ({
    source: 'native/lib/libicuuc.so.60.2',
    target: `native/lib/${name}`,
  }))
  writeFileSync(join(root, 'native/pg-symlinks.json'), JSON.stringify(links))
  writeFileSync(join(root, 'native/lib/libicuuc.so.60.2'), '')
  for (const _ of ['made', 'made again']) {
    restoreLinks(root)
    for (const { target } of links) {
      expect(readlinkSync(join(root, target))).toBe('libicuuc.so.60.2')
      expect(existsSync(join(root, target))).toBe(true)
    }
  }
})
