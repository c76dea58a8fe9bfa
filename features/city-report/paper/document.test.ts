import { spawnSync } from 'node:child_process'
import type { LineProps } from '@react-pdf/renderer'
import fc from 'fast-check'
import { strFromU8, unzipSync } from 'fflate'
import type { ReactElement } from 'react'
import { describe, expect, it } from 'vitest'
import { styles } from '#components/paper/parts.ts'
import type { Month } from '#features/results/rules.ts'
import { wilsonInterval } from '#lib/statistics/wilson.ts'
import type { Locale } from '#messages/routing.ts'
import { madeUpReport } from '#tests/factories/city-report.ts'
import { eventsOf } from '../period-rules.ts'
import type { CityReport, ReportAgency } from '../report-rules.ts'
import { withExactShares } from '../rules.ts'
import { agencies } from './agencies.ts'
import { trendChart } from './charts.ts'
import { reportPdf } from './document.ts'
import { summaryLines } from './questions.ts'
import { wordsOf } from './sections.ts'
import { reportWorkbook } from './workbook.ts'

const madeAt = new Date('2026-11-27T03:00:00Z')
const drawn = (report: CityReport, locale: Locale = 'vi') =>
  reportPdf({ report, sha256: 'ab'.repeat(32), madeAt, locale })

/** Returns its pages as text; null where pdftotext is not installed. */
function pagesOf(pdf: Buffer): string[] | null {
  const read = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
  return read.error ? null : read.stdout.split('\f').slice(0, -1)
}

const whole = madeUpReport({ agencies: 'districts', months: 1 })
const little = { ...whole, agencies: whole.agencies.slice(0, 3), questions: [] }

type Drawn = ReactElement<{ style?: unknown; children?: unknown }>

/** Returns the words drawn in grey. */
function greyIn(drawn: unknown, within = false): string {
  if (Array.isArray(drawn)) return drawn.map((one) => greyIn(one, within)).join(' ')
  if (typeof drawn === 'string') return within ? drawn : ''
  const { props } = (drawn ?? {}) as Partial<Drawn>
  return props ? greyIn(props.children, within || [props.style].flat().includes(styles.grey)) : ''
}

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

  it('is signed before its technical annex, and prints in its own typeface alone', async () => {
    const months = madeUpReport({ agencies: 'districts', months: 14, merged: ['2026-11-27'] })
    const pdf = await drawn({ ...months, agencies: little.agencies, questions: [] })
    // A font that is not embedded is a standard one, which lacks Vietnamese.
    const fonts = [...pdf.toString('latin1').matchAll(/\/BaseFont \/(\S+)/g)].map(([, name]) => name)
    expect(fonts.length).toBeGreaterThan(0)
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+BeVietnamPro-/)
    const text = pagesOf(pdf)?.join('\n')
    if (text === undefined) return
    const order = ['SHA-256 abab', 'THỦ TRƯỞNG ĐƠN VỊ', 'Phụ lục.', 'lowerLimit'].map((words) =>
      text.lastIndexOf(words),
    )
    expect(text).toContain('mã kiểm tra ở mục X')
    expect(order.slice(1)).toEqual(order.slice(1).toSorted((a, b) => a - b))
    expect(order).not.toContain(-1)
  })

  it('shows what few answered in grey, also of agencies that are no more, which lack nothing', () => {
    const [one] = whole.agencies
    if (one === undefined) throw new Error('none')
    const as = (vi: string, standing: 'few' | 'full', former: boolean) => ({ ...one, vi, standing, former })
    const report = {
      ...whole,
      agencies: [as('Nay ít', 'few', false), as('Xưa đủ', 'full', true), as('Xưa ít', 'few', true)].map(
        (agency) => ({ ...agency, band: null, missing: 7 }),
      ),
    }
    const grey = greyIn(agencies(report, wordsOf('vi')))
    expect(grey).toContain('Nay ít')
    expect(grey).toContain('Xưa ít')
    expect(grey).not.toContain('Xưa đủ')
    expect(grey.match(/thiếu/g)).toHaveLength(1)
  })

  it('counts the new wards without answers and names them in an annex, and keeps the bands of the districts', async () => {
    const [one] = whole.agencies
    if (one === undefined) throw new Error('none')
    const district = { ...one, vi: 'Quận Xưa', band: 'above', former: true, endedOn: '2026-12-01' } as const
    const wards = madeUpReport({ agencies: 'wards', months: 1 }).agencies.flatMap((ward) =>
      ward.group === 'districts'
        ? [{ ...ward, responses: 0, band: null, standing: 'suppressed', startedOn: '2026-12-01' } as const]
        : [],
    )
    const heir = {
      ...one,
      vi: 'Phường Nối',
      chained: [{ id: 'x', vi: 'Xã Trước', en: 'X', on: '2026-12-01' }],
    }
    const text = pagesOf(
      await drawn({ ...whole, agencies: [district, heir, ...wards], questions: [] }),
    )?.join('\n')
    if (text === undefined) return
    const flat = text.replace(/\s+/g, ' ')
    expect(flat).toContain('168 nơi chưa được công bố')
    expect(flat).toContain('trong đó 168 nơi mới hoạt động trong kỳ')
    expect(flat).toContain('Có 1 nơi đã kết thúc trước cuối kỳ')
    expect(flat).toContain('kết thúc từ ngày 01/12/2026')
    expect(flat).toContain('gồm cả phiếu của Xã Trước')
    expect(flat).not.toContain('không so sánh Cơ quan')
    const annex = text.lastIndexOf('Những nơi chưa đủ mười người')
    expect(annex).toBeGreaterThan(text.indexOf('THỦ TRƯỞNG ĐƠN VỊ'))
    expect(text.indexOf('Phường Phú Lợi')).toBeGreaterThan(annex)
  })

  it('begins with the answer, names those below only where they are few, and says what became of promises', async () => {
    const [one] = whole.agencies
    if (one === undefined) throw new Error('none')
    const { voices } = madeUpReport({ agencies: 'districts', months: 1, answered: 6 })
    const of = (count: number): CityReport => ({
      ...little,
      ...(voices && { voices }),
      agencies: Array.from({ length: count }, (_, at) => ({
        ...one,
        vi: `Nơi ${at}`,
        band: 'below' as const,
      })),
    })
    const w = wordsOf('vi')
    expect(summaryLines(of(3), w).join(' ')).toMatch(/không xếp hạng: Nơi 0 .*; Nơi 1 .*; Nơi 2 /)
    expect(summaryLines(of(4), w).join(' ')).not.toContain('Nơi')
    expect(summaryLines(of(4), w)).toContainEqual(expect.stringMatching(/^Cam kết của các cơ quan: 6; /))
    const [first] = pagesOf(await drawn(of(3))) ?? []
    if (first === undefined) return
    expect(first).toContain('người trả lời hài lòng')
    expect(first).not.toContain('Cách làm và giới hạn\n')
  })

  it('is a tagged file in its language, read in the order of its first page, with heads of tables as heads', async () => {
    const report = madeUpReport({ agencies: 'districts', months: 24, answered: 4, turned: true, asked: 0.12 })
    const input = await drawn({ ...report, agencies: report.agencies.slice(0, 8) })
    expect(input.toString('latin1')).toContain('/Lang (vi)')
    const info = spawnSync('pdfinfo', ['-'], { input, encoding: 'utf8' })
    if (info.error) return
    expect(info.stdout).toMatch(/Tagged:\s+yes/)
    expect(info.stdout).toMatch(/Title:.*từ tháng 01\/2026 đến hết ngày 27\/11\/2026/)
    const read = spawnSync('pdfinfo', ['-struct-text', '-'], { input, encoding: 'utf8' }).stdout
    const order = [
      'BÁO CÁO',
      'chưa thấy khác kỳ liền trước',
      'Điều chưa tốt',
      'Nơi có người nói bị gợi ý',
      'Đề nghị Ủy ban',
      'Kết quả chung',
      'Tốt lên',
    ]
      .concat(['Kém đi', 'Đã hứa và đã làm', 'Từng cơ quan', 'Cách làm và giới hạn'])
      .map((words) => read.indexOf(words))
    expect(order).not.toContain(-1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(read).toMatch(/H1[^\n]*\n\s+"BÁO CÁO/)
    expect(read).toMatch(/TH:[\s\S]{0,80}Column[\s\S]{0,80}"Tốt lên/)
    expect(read).toMatch(/Figure/)
    // The foot of each page is not part of the text to read aloud.
    expect(read).not.toContain('Trang 1/')
  })

  it('has on its first page what the Committee decides on, and lifts money beyond the fee to it', async () => {
    const report = madeUpReport({ agencies: 'districts', months: 24, answered: 4, turned: true, asked: 0.12 })
    const [first = '', ...others] = pagesOf(await drawn(report)) ?? []
    if (others.length === 0) return
    const flat = first.replace(/\s+/g, ' ')
    for (const words of [
      'Có ai gợi ý hoặc đòi khoản tiền ngoài mức phí niêm yết không? 1.022 người nói “Có”: 12,0%',
      '(khoảng tin cậy 95%: 11,3% – 12,7%), trên mức 5,0% cần báo cáo.',
      '8.520 trong 8.520 phiếu trả lời câu này; câu không bắt buộc, tự điền, không ghi tên.',
      'Yêu cầu nơi thấp hơn hẳn nhóm của mình giải trình và nêu việc sẽ làm: Quận 1 (52,8%)',
      'Con số để hỏi, chưa để kết luận',
      'Giao làm rõ câu hỏi nhạy cảm nêu trên',
      'Đôn đốc 2 cam kết quá hạn chưa xong',
    ])
      expect(flat).toContain(words)
    expect((others[0] ?? '').replace(/\s+/g, ' ')).toContain('Quận 6 71,9% 97,1% +25,3 (+19,6 đến +31,1)')
    expect(flat).not.toContain('Cách làm và giới hạn 1.')
  })

  it('draws data that was frozen before there was a first page as it was, its method first', async () => {
    const { front: _, ...before } = madeUpReport({ agencies: 'districts', months: 1 })
    const text = pagesOf(await drawn({ ...before, agencies: little.agencies, questions: [] }))?.join('\n')
    if (text === undefined) return
    expect(text).toContain('I. Cách làm và giới hạn')
    expect(text).toContain('Kỳ báo cáo')
    expect(text).toContain('Năm 2026')
  })

  it('says whether the share moved since the period before, and nothing over a reorganisation', () => {
    const { trend: _, ...rest } = little
    const months = (shares: readonly number[]) =>
      shares.map((satisfied, at) => ({
        ...{ month: `2026-0${at + 1}` as Month, responses: 200, satisfied, low: null, high: null },
        ...{ centre: null, lowerLimit: null, upperLimit: null, outside: false },
      }))
    const period = { from: '2026-03' as Month, to: '2026-04' as Month, through: '2026-04-30' }
    const said = (shares: readonly number[], breaks: CityReport['breaks'] = []) =>
      summaryLines({ ...rest, period, breaks, trend: months(shares) }, wordsOf('vi')).find((line) =>
        line.includes('kỳ liền trước'),
      )
    expect(said([0.5, 0.5, 0.8, 0.8])).toMatch(/^Cao hơn .*từ 50,0% lên 80,0%\.$/)
    expect(said([0.8, 0.8, 0.5, 0.5])).toMatch(/^Thấp hơn /)
    expect(said([0.5, 0.5, 0.52, 0.5])).toMatch(/^Chưa thấy khác /)
    const named = { id: 'a', vi: 'A', en: 'A' }
    const split = { on: '2026-03-01', kind: 'split', basis: 'NQ', from: named, to: named } as const
    expect(said([0.5, 0.5, 0.8, 0.8], [split])).toBeUndefined()
  })

  it('draws a reorganisation on its day', () => {
    const { trend, breaks = [] } = madeUpReport({
      ...{ agencies: 'districts', months: 12, merged: ['2026-11-01', '2026-11-16', '2026-11-27'] },
    })
    const chart = trendChart(trend, eventsOf(breaks), wordsOf('vi')) as ReactElement<{
      children: ReactElement<LineProps>[]
    }>
    const dotted = chart.props.children
      .filter(({ props }) => props.strokeDasharray === '1 2')
      .map(({ props }) => props.x1)
    const [width, right] = [(485 - 34 - 8) / 11, 485 - 8]
    expect(dotted).toEqual([1, 0.5, 4 / 30].map((left) => expect.closeTo(right - left * width, 6)))
  })

  it('rounds each figure once: 131 of 220 are 59.5 per cent, though the file’s four decimals would make 59.6 of it', async () => {
    const report = madeUpReport({ agencies: 'districts', months: 1, first: [131, 220] })
    expect(report.agencies[0]).toMatchObject({ responses: 220, satisfied: 0.5955 })
    const few = { ...report, agencies: report.agencies.slice(0, 1), questions: [] }
    const [text, workbook] = [
      pagesOf(await drawn(few))?.join('\n'),
      unzipSync(await reportWorkbook({ report: few, sha256: '', madeAt, locale: 'vi' })),
    ]
    if (text !== undefined) {
      expect(text).toContain('59,5%')
      expect(text).not.toContain('59,6%')
    }
    const numbers = Object.entries(workbook)
      .filter(([name]) => name.startsWith('xl/worksheets/'))
      .map(([, sheet]) => strFromU8(sheet))
      .join('')
    expect(numbers).toContain(`<v>${131 / 220}</v>`)
    // Data frozen without exact shares is drawn as before.
    const [{ exact: _, ...before }] = few.agencies as [ReportAgency]
    const old = pagesOf(await drawn({ ...few, agencies: [before] }))?.join('\n')
    if (old !== undefined) expect(old).toContain('59,6%')
  })

  it('prints the shares that a reader works out from the counts', () => {
    const percent = wordsOf('en').percent
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (base, of) => {
          const top = Math.round(of * base)
          const report = madeUpReport({ agencies: 'districts', months: 1, first: [top, base] })
          const [agency] = withExactShares(report).agencies
          const { low, high } = wilsonInterval(top, base)
          expect(
            [agency?.satisfied, agency?.low, agency?.high].map((share) => percent(share ?? null)),
          ).toEqual([top / base, low, high].map(percent))
        },
      ),
      { numRuns: 30 },
    )
  })
})
