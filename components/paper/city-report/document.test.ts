import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { CityReport } from '#domain/survey/city-report.ts'
import type { Locale } from '#messages/routing.ts'
import { madeUpReport } from '#tests/factories/city-report.ts'
import { reportPdf } from './document.ts'

const madeAt = new Date('2026-11-27T03:00:00Z')
const drawn = (report: CityReport, locale: Locale = 'vi') =>
  reportPdf({ report, sha256: 'ab'.repeat(32), madeAt, locale })

/** Its pages as text; null where the program that reads them is not there. */
function pagesOf(pdf: Buffer): string[] | null {
  const read = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
  return read.error ? null : read.stdout.split('\f').slice(0, -1)
}

const whole = madeUpReport({ agencies: 'districts', months: 1 })
const little = { ...whole, agencies: whole.agencies.slice(0, 3), questions: [] }

describe('the report on paper', () => {
  it.each([
    ['vi', ['ỦY BAN NHÂN DÂN', 'THÀNH PHỐ HỒ CHÍ MINH', 'SỞ NỘI VỤ'], '/BC-SNV'],
    ['en', ["PEOPLE'S COMMITTEE", 'HO CHI MINH CITY', 'DEPARTMENT OF HOME AFFAIRS'], '/BC-SNV'],
  ] as const)('is given by an office below the Committee, in %s', async (locale, names, number) => {
    const [first] = pagesOf(await drawn(little, locale)) ?? []
    if (first === undefined) return
    const at = names.map((name) => first.indexOf(name))
    expect(at).not.toContain(-1)
    expect(at).toEqual(at.toSorted((a, b) => a - b))
    expect(first).toContain(number)
  })

  it('keeps the heading of data that was frozen without an office', async () => {
    const { office: _, ...before } = little
    const [first] = pagesOf(await drawn(before)) ?? []
    if (first === undefined) return
    expect(first).not.toContain('SỞ NỘI VỤ')
    expect(first).toMatch(/\/BC\s/)
  })
})
