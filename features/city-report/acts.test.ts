import { spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GET } from '#app/api/survey/reports/[report]/[file]/route.ts'
import { GET as getKept } from '#app/log/figures/[file]/route.ts'
import edition from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import { loadEdition, reorganise } from '#features/agencies/changes/acts.ts'
import { editionSchema } from '#features/agencies/changes/edition-rules.ts'
import type { TypedChange } from '#features/agencies/changes/form-rules.ts'
import { previewChange } from '#features/agencies/changes/page-data.ts'
import { rate } from '#features/ratings/rating/acts.ts'
import { readCityTrend, readResults } from '#features/results/data.ts'
import type { Month } from '#features/results/rules.ts'
import { err } from '#lib/result.ts'
import { Overloaded } from '#platform/overload.ts'
import { reportStorage } from '#platform/storage.ts'
import { troubleOf } from '#platform/troubles.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { byTwo } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { full } from '#tests/runs.ts'
import { askForReport, askWithdrawal, buildReport, publishReport, redrawReport, retryReport } from './acts.ts'
import { findReport } from './data.ts'
import { readReportFigures } from './figures-data.ts'
import {
  fileKey,
  findReportsByHash,
  listOpenReports,
  listReportedPlaces,
  listReports,
  listWithdrawnReports,
  nameReportFile,
  REPORT_FILES,
  type ReportFile,
  readReportContent,
  readReportPage,
} from './page-data.ts'
import type { CityReport } from './report-rules.ts'

// Nobody is signed in.
vi.mock('next/headers', () => ({
  headers: async () => new Headers(),
  cookies: async () => ({ get: () => undefined }),
}))
afterEach(() => {
  vi.restoreAllMocks()
})

const now = new Date('2026-11-24T03:00:00Z')
const october = new Date('2026-10-20T03:00:00Z')
const YEAR = { from: '2026-01' as Month, to: '2026-12' as Month }

let sent = 0
async function answer(agencyId: string, r1: string, times: number, at: Date, comment = '') {
  for (let n = 0; n < times; n++) {
    const rest = { r2: 'early', r3: '0', r4: '5', r5: '5', r6: 'right', serviceDate: '2026-10-20' }
    const address = `10.2.${Math.floor(++sent / 250)}.${sent % 250}`
    const sender = { kind: 'address', address, issued: '', proof: '' } as const
    const typed = { r1, ...rest, comment }
    const one = { agencyId, questionnaireVersion: 1, typed, submitKey: randomUUID(), sender }
    expect((await rate(one, at)).ok).toBe(true)
  }
}

/** October: quan-3 8 of 10. November: quan-3 12 of 20, so-y-te 30 of 30; 7 answers at quan-1 are never published. */
async function smallDataset() {
  await answer('quan-3', '5', 8, october, 'Phải chờ rất lâu vì giấy tờ')
  await answer('quan-3', '1', 2, october, 'Thái độ chưa tốt, chờ đợi lâu')
  await answer('quan-1', '1', 3, october, 'Giấy tờ rườm rà')
  await answer('quan-3', '4', 12, now)
  await answer('quan-3', '2', 8, now)
  await answer('so-y-te', '5', 30, now, 'Nhanh gọn')
  await answer('quan-1', '1', 4, now)
}

async function made() {
  const manager = await makeStaff('survey_manager')
  const wanted = { period: '2026', scope: 'all', submitKey: randomUUID() } as const
  const [asked, again] = await Promise.all([1, 2].map(() => askForReport(manager, wanted, now)))
  expect(again).toEqual(asked)
  const id = asked?.ok ? asked.value : ''
  await buildReport(id, now)
  const row = await findReport(id)
  if (row === null) throw new Error('no report')
  return { id, row, frozen: await json(id) }
}

async function content(id: string, what: Parameters<typeof readReportContent>[1]): Promise<Buffer> {
  const row = await findReport(id)
  const bytes = row && (await readReportContent(row, what))
  if (!bytes || bytes === 'changed') throw new Error('no content')
  return bytes
}
const file = (id: string, kind: ReportFile) => content(id, { kind, locale: 'vi' })
const json = async (id: string): Promise<CityReport> =>
  JSON.parse((await content(id, { kind: 'json' })).toString())

describe('what is recommended', () => {
  const ask = async (typed: Record<string, string>) => {
    const wanted = { period: '2026', scope: 'all', ...typed, submitKey: randomUUID() } as const
    return askForReport(await makeStaff('survey_manager'), wanted, now)
  }

  it('is refused where it names a person, is too long, or is in English alone', async () => {
    for (const [typed, faults] of [
      [{ recommendationsVi: 'Khen chị Trần Bảo Ngọc, 0903123456.' }, { recommendationsVi: 'personal' }],
      [{ recommendationsVi: 'ă'.repeat(4_001) }, { recommendationsVi: 'recommendations.too_long' }],
      [{ recommendationsEn: 'Open on Saturdays.' }, { recommendationsVi: 'recommendations.empty' }],
    ] as const)
      expect(await ask(typed)).toEqual(err(faults))
    expect(await db.surveyReport.count()).toBe(0)
  })

  it('is frozen with the data, printed in a section of its own, and cannot be put in later', async () => {
    await smallDataset()
    const words = 'Mở cửa sáng thứ bảy.\nThêm một quầy ở Quận 3.'
    const asked = await ask({ recommendationsVi: ` ${words} `, recommendationsEn: 'Open on Saturdays.' })
    const id = asked.ok ? asked.value : ''
    await buildReport(id, now)
    expect((await json(id)).recommendations).toEqual({ vi: words, en: 'Open on Saturdays.' })
    const read = spawnSync('pdftotext', ['-', '-'], { input: await file(id, 'pdf'), encoding: 'utf8' })
    if (!read.error) {
      expect(read.stdout).toMatch(/IX\. Kiến nghị\s[\s\S]*Thêm một quầy ở Quận 3\.[\s\S]*XI\. Dữ liệu/)
      expect(read.stdout.split('\f')[0]?.replace(/\s+/g, ' ')).toContain(
        'kiến nghị: Mở cửa sáng thứ bảy. Thêm một quầy ở Quận 3. (mục IX)',
      )
    }
    const change = db.surveyReport.update({ where: { id }, data: { recommendationsVi: 'Khác.' } })
    await expect(change).rejects.toThrow('a frozen report does not change')
  })

  it.runIf(full)('is no part of a report without any', async () => {
    const { frozen } = await made()
    expect('recommendations' in frozen).toBe(false)
  })
})

describe('a report', () => {
  it('freezes figures worked out by hand, and nothing that is suppressed', async () => {
    await smallDataset()
    const frozen = await readReportFigures({ period: YEAR, scope: 'all', agencyIds: [] }, now)
    expect(frozen.office).toEqual({ vi: 'Sở Nội vụ', en: 'Department of Home Affairs', abbreviation: 'SNV' })
    expect(frozen.period).toEqual({ from: '2026-01', to: '2026-12', through: '2026-11-24' })
    // 8 + 12 + 30 of 60; Wilson's interval for 50 of 60.
    expect(frozen.total).toEqual({
      responses: 60,
      satisfied: 0.8333,
      low: 0.7197,
      high: 0.9069,
      exact: { satisfied: 50 / 60, low: expect.closeTo(0.71968, 5), high: expect.closeTo(0.90687, 5) },
      standing: 'full',
      sameNetwork: 0,
    })
    expect(frozen.groups.map(({ group, responses, satisfied }) => [group, responses, satisfied])).toEqual([
      ['districts', 30, 0.6667],
      ['departments', 30, 1],
    ])
    const of = (id: string) => frozen.agencies.find((agency) => agency.id === id)
    expect(of('quan-3')).toMatchObject({ responses: 30, satisfied: 0.6667, band: null, missing: 0 })
    expect(of('quan-1')).toMatchObject({ responses: 0, satisfied: null, standing: 'suppressed', missing: 10 })
    expect(frozen.trend.map(({ month, responses, satisfied }) => [month, responses, satisfied])).toEqual([
      ['2026-10', 10, 0.8],
      ['2026-11', 50, 0.84],
    ])
    const r1 = frozen.questions.find(({ key }) => key === 'r1')
    expect(r1?.options.map(({ code, count }) => [code, count])).toEqual([
      ['1', 2],
      ['2', 8],
      ['3', 0],
      ['4', 12],
      ['5', 38],
    ])
    expect(r1?.agencies).toEqual([
      { id: 'quan-3', respondents: 30, counts: [2, 8, 0, 12, 8] },
      { id: 'so-y-te', respondents: 30, counts: [0, 0, 0, 0, 30] },
    ])
    expect(frozen.questions.find(({ key }) => key === 'e1')).toMatchObject({ respondents: 0, agencies: [] })
    // October is over, with 10 at quan-3. November is not, and waiting answers at quan-1 are in no month; otherwise papers
    // would be 11.
    expect(frozen.comments.agencies).toEqual([{ id: 'quan-3', comments: 10 }])
    expect(frozen.comments.themes.filter(({ comments }) => comments > 0)).toEqual([
      { group: 'districts', theme: 'time', comments: 10 },
    ])
    // The results page has the same figures, since the period covers all answers.
    const { city, agencies } = await readResults(now)
    expect(frozen.total.responses).toBe(city.responses)
    expect(frozen.total.satisfied).toBeCloseTo(city.share?.value ?? 0, 4)
    expect(frozen.agencies.map(({ id, responses, band }) => [id, responses, band])).toEqual(
      agencies.map(({ agency, responses, band }) => [agency.id, responses, band]),
    )
    expect(frozen.trend.map(({ month, responses }) => [month, responses])).toEqual(
      (await readCityTrend(now)).own.flatMap(({ points }) =>
        points.map(({ month, responses }) => [month, responses]),
      ),
    )
  })

  it('is told of what is chosen, and bands are still beside the whole group', async () => {
    await answer('quan-3', '5', 30, now)
    await answer('quan-1', '1', 30, now)
    const agencyIds = ['quan-3', 'so-y-te']
    const frozen = await readReportFigures({ period: YEAR, scope: 'chosen', agencyIds }, now)
    expect(frozen.agencies.map(({ id, band }) => [id, band])).toEqual([
      ['quan-3', 'above'],
      ['so-y-te', null],
    ])
    expect(frozen.total).toMatchObject({ responses: 30, satisfied: 1 })
    expect(frozen.trend).toMatchObject([{ responses: 30 }])
  })

  it('says what was reorganised within its trend, by what', async () => {
    await answer('quan-3', '5', 10, october)
    await answer('quan-7', '5', 10, october)
    const merge = { kind: 'merge', from: ['quan-3'], into: 'quan-7', on: '2026-11-01', basis: 'NQ 1/2026' }
    const blank = {
      agency: '',
      agencyKind: '',
      nameVi: '',
      nameEn: '',
      abbreviation: '',
      parts: '',
      keeps: '',
    }
    const typed: TypedChange = { ...blank, ...merge, kind: 'merge' }
    const manager = await makeStaff('survey_manager')
    const seen = await previewChange(manager, { typed }, october)
    if ('refused' in seen) throw new Error('refused')
    const decision = { basedOn: seen.preview.basedOn, submitKey: randomUUID() }
    expect((await reorganise(manager, { typed }, decision, october)).ok).toBe(true)
    const figures = (agencyIds: readonly string[]) =>
      readReportFigures({ period: YEAR, scope: 'chosen', agencyIds }, now)
    expect((await figures(['quan-3', 'quan-7'])).breaks).toEqual([
      {
        ...{ on: '2026-11-01', kind: 'merge', basis: 'NQ 1/2026' },
        from: { id: 'quan-3', vi: 'Quận 3', en: 'District 3' },
        to: { id: 'quan-7', vi: 'Quận 7', en: 'District 7' },
      },
    ])
    expect((await figures(['quan-1'])).breaks).toEqual([])
  })

  it('compares in the year of the reorganisation what there was, as the page of results does', async () => {
    await answer('quan-3', '5', 30, october)
    await answer('quan-1', '1', 30, october)
    const year = { period: YEAR, scope: 'all', agencyIds: [] } as const
    const bandsOf = async () => {
      const { agencies } = await readReportFigures(year, now)
      return ['quan-1', 'quan-3'].map((id) => agencies.find((one) => one.id === id)?.band)
    }
    expect(await bandsOf()).toEqual(['below', 'above'])
    await loadEdition(editionSchema.parse(edition), now)
    const made = { basedOn: null, submitKey: randomUUID() }
    const change = { edition: '2025', on: '2026-11-01' }
    expect((await reorganise({ kind: 'system' }, change, made, now)).ok).toBe(true)
    expect(await bandsOf()).toEqual(['below', 'above'])
    const { agencies } = await readReportFigures(year, now)
    expect(agencies.find(({ id }) => id === 'quan-3')).toMatchObject({ former: true, endedOn: '2026-11-01' })
    const { former } = await readResults(now)
    expect(former.map(({ agency, band }) => [agency.id, band])).toEqual([
      ['quan-1', 'below'],
      ['quan-3', 'above'],
    ])
  })

  it('compares months that are no part of its trend, and says what its fields mean in the file itself', async () => {
    await answer('quan-3', '1', 30, october)
    await answer('quan-3', '5', 30, now)
    const period = { from: '2025-10' as Month, to: '2026-11' as Month }
    const { front, trend, glossary } = await readReportFigures({ period, scope: 'all', agencyIds: [] }, now)
    expect(front).toMatchObject({ before: { from: '2024-08', to: '2025-09' }, compared: 'short' })
    expect(trend.map(({ month }) => month)).toEqual(['2026-10', '2026-11'])
    await superuser.query(`UPDATE survey_months SET month = '2024-08-01' WHERE month = '2026-10-01'`)
    const compared = await readReportFigures({ period, scope: 'all', agencyIds: [] }, now)
    expect(compared.trend.map(({ month }) => month)).toEqual(['2026-11'])
    expect(compared.front?.total).toMatchObject({
      ...{ now: { top: 30, base: 30 }, before: { top: 0, base: 30 }, difference: 1, beyond: true },
    })
    expect(glossary?.find(({ field }) => field === 'front.changes')?.vi).toContain('Newcombe')
  })

  it.runIf(full)('calls its first group what its agencies are, on pages too', async () => {
    const manager = await makeStaff('survey_manager')
    const wanted = { period: '2026', scope: 'all', submitKey: randomUUID() } as const
    const asked = await askForReport(manager, wanted, now)
    const id = asked.ok ? asked.value : ''
    const places = async () => (await readReportPage(manager, id, now))?.places
    expect(await places()).toBe('districts')
    await superuser.query(`UPDATE agency_versions SET kind = 'ward' WHERE kind <> 'department'`)
    expect(await places()).toBe('wards')
    await superuser.query(`UPDATE agency_versions SET kind = 'district' WHERE agency_id = 'quan-3'`)
    await buildReport(id, now)
    await superuser.query(`UPDATE agency_versions SET kind = 'ward' WHERE agency_id = 'quan-3'`)
    // The frozen kinds stay.
    expect(await places()).toBe('both')
    expect((await listReports(manager, null, now)).reports.map((report) => report.places)).toEqual(['both'])
    expect(await listReportedPlaces('2026-01' as Month, now)).toBe('wards')
    const parts = unzipSync(await file(id, 'xlsx'))
    const strings = strFromU8(parts['xl/sharedStrings.xml'] ?? new Uint8Array())
    expect(strings).toContain('tất cả quận, huyện, phường, xã và sở, ngành')
    expect(strings).toContain('Quận, huyện, phường, xã')
  })

  it('is the same again, byte for byte, from its frozen data, even after new answers', async () => {
    await smallDataset()
    const { id, row, frozen } = await made()
    expect(row).toMatchObject({ state: 'ready', progress: 100, publishedAt: null })
    expect(await nameReportFile(row)).toBe('bao-cao-hai-long_2026-01_2026-11-24')
    const dataset = await content(id, { kind: 'json' })
    expect(createHash('sha256').update(dataset).digest('hex')).toBe(row.sha256)
    const before = await Promise.all([file(id, 'pdf'), file(id, 'xlsx')])
    await answer('quan-3', '1', 10, now)
    await superuser.query(`UPDATE survey_reports SET state = 'queued', ready_at = NULL`)
    for (const kind of ['pdf', 'xlsx'] as const) await reportStorage().remove(fileKey(id, kind, 'vi'))
    await buildReport(id, new Date('2027-03-01T00:00:00Z'))
    const after = await Promise.all([file(id, 'pdf'), file(id, 'xlsx')])
    expect(after.map((bytes, at) => bytes.equals(before[at] ?? Buffer.alloc(0)))).toEqual([true, true])
    expect(await json(id)).toEqual(frozen)
    await expect(superuser.query(`UPDATE survey_reports SET dataset = '{}'`)).rejects.toThrow('frozen')
    await expect(superuser.query(`UPDATE survey_reports SET sha256 = sha256('')`)).rejects.toThrow('frozen')
  })

  it('whose file or data was replaced is refused against the log, drawn again, and its paper stays true', async () => {
    await smallDataset()
    const { id, row } = await made()
    const manager = await makeStaff('survey_manager')
    await publishReport(manager, alone(id), now)
    const hash = row.sha256 ?? ''
    expect(await db.auditEntry.findFirst({ where: { act: 'figures.published' } })).toMatchObject({
      ...{ subjectId: `report.${id}`, facts: { table: `report.${id}`, sha256: hash } },
    })
    const ask = (file: string) =>
      GET(new Request(`http://localhost/api/survey/reports/${id}/${file}`), {
        params: Promise.resolve({ report: id, file }),
      })
    const kept = (sha256: string) =>
      getKept(new Request('http://localhost/x'), { params: Promise.resolve({ file: `${sha256}.json` }) })
    expect((await ask('vi.xlsx')).status).toBe(200)
    const data = await (await ask('data.json')).text()
    expect(await (await kept(hash)).text()).toBe(data)

    // The file and its hash in the row are replaced together.
    const drawn = await file(id, 'xlsx')
    await reportStorage().put(fileKey(id, 'xlsx', 'vi'), Readable.from(['forged']))
    const forged = createHash('sha256').update('forged').digest('hex')
    await superuser.query(`UPDATE survey_reports SET files = files || $1`, [{ 'vi.xlsx': forged }])
    expect((await ask('vi.xlsx')).status).toBe(503)
    expect(await troubleOf('report-files')).toMatchObject({ facts: { report: id, file: 'vi.xlsx' } })
    expect(await db.auditEntry.findFirst({ where: { act: 'survey.report_changed' } })).toMatchObject({
      facts: { file: 'vi.xlsx' },
    })
    await buildReport(id, now)
    expect((await file(id, 'xlsx')).equals(drawn)).toBe(true)

    // The owner of the database replaces the data and its hash.
    await superuser.query(`SET session_replication_role = replica;
      UPDATE survey_reports SET dataset = '{"a":1}', sha256 = sha256('{"a":1}');
      SET session_replication_role = origin`)
    const other = createHash('sha256').update('{"a":1}').digest('hex')
    expect((await ask('data.json')).status).toBe(503)
    expect((await kept(other)).status).toBe(404)
    expect(await findReportsByHash(hash)).toMatchObject({
      reports: [],
      logged: [{ reportId: id, sha256: hash }],
    })
    expect(await findReportsByHash(createHash('sha256').update(drawn).digest('hex'))).toMatchObject({
      reports: [{ id }],
    })
  }, 120_000)

  it.runIf(full)(
    'whose files are gone is not published, and is drawn again from its frozen data',
    async () => {
      await smallDataset()
      const { id, row } = await made()
      const manager = await makeStaff('survey_manager')
      const pdf = await file(id, 'pdf')
      expect(row.files?.['vi.pdf']).toBe(createHash('sha256').update(pdf).digest('hex'))
      for (const kind of ['pdf', 'xlsx'] as const) await reportStorage().remove(fileKey(id, kind, 'vi'))
      expect(await publishReport(manager, alone(id), now)).toEqual(err('files'))
      expect(await readReportPage(manager, id, now)).toMatchObject({ filesMissing: true, publishedAt: null })
      // A reader gets no error from a failed download, and many downloads cause only one new drawing.
      await superuser.query(`UPDATE survey_reports SET published_at = now()`)
      const gone = await findReport(id)
      expect(gone && (await readReportContent(gone, { kind: 'pdf', locale: 'vi' }))).toBeNull()
      const readers = await Promise.all([1, 2, 3].map(() => redrawReport({ kind: 'system' }, id, now)))
      expect(readers.filter(({ ok }) => ok)).toHaveLength(1)
      expect(await db.auditEntry.count({ where: { act: 'survey.report_redraw' } })).toBe(1)
      await buildReport(id, now)
      expect((await file(id, 'pdf')).equals(pdf)).toBe(true)
      expect(await readReportPage(manager, id, now)).toMatchObject({
        ...{ filesMissing: false, redrawAskedAt: null, redrawnAt: now, files: row.files },
      })
      expect(await db.auditEntry.findFirst({ where: { act: 'survey.report_redrawn' } })).toMatchObject({
        facts: { same: true },
      })
      // A reader also finds the report by a file's hash.
      expect(await findReportsByHash(row.files?.['vi.pdf'] ?? '')).toMatchObject({
        reports: [{ id }],
        logged: [],
      })
      expect(await redrawReport(await makeStaff('auditor'), id, now)).toEqual(err('forbidden'))
    },
  )

  it('is not drawn again where the store of its files only does not answer', async () => {
    const id = randomUUID()
    await db.surveyReport.create({
      data: {
        ...{ id, scope: 'all', state: 'ready', askedAt: now, readyAt: now, publishedAt: null },
        ...{ fromMonth: new Date('2026-01-01'), toMonth: new Date('2026-06-01') },
        ...{ dataset: Buffer.from('{}'), sha256: createHash('sha256').update('{}').digest() },
      },
    })
    const manager = await makeStaff('survey_manager')
    expect(await readReportPage(manager, id, now)).toMatchObject({ filesMissing: true })
    for (const act of ['open', 'size'] as const)
      vi.spyOn(reportStorage(), act).mockImplementation(async () => {
        throw new Overloaded(5)
      })
    expect(await readReportPage(manager, id, now)).toMatchObject({ filesMissing: null })
    await expect(publishReport(manager, alone(id), now)).rejects.toThrow(Overloaded)
    await superuser.query('UPDATE survey_reports SET published_at = $1', [now])
    const answer = await GET(new Request(`http://localhost/api/survey/reports/${id}/vi.pdf`), {
      params: Promise.resolve({ report: id, file: 'vi.pdf' }),
    })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await findReport(id)).toMatchObject({ redrawAskedAt: null })
    expect(await db.auditEntry.count({ where: { act: 'survey.report_redraw' } })).toBe(0)
  })

  it.runIf(full)('is drawn alike whenever it is asked for, from the same figures', async () => {
    await smallDataset()
    const first = await made()
    const manager = await makeStaff('survey_manager')
    const later = new Date('2026-11-24T09:00:00Z')
    const wanted = { period: '2026', scope: 'all', submitKey: randomUUID() } as const
    const asked = await askForReport(manager, wanted, later)
    const id = asked.ok ? asked.value : ''
    await buildReport(id, later)
    expect((await findReport(id))?.files).toEqual(first.row.files)
  })

  it('has its figures and its hash in the workbook, where text is never a formula, and on A4', async () => {
    await smallDataset()
    const risky = '=HYPERLINK("http://x.example")'
    const suggestion = { state: 'declined', summaryVi: risky, answerVi: '@SUM(1)', answeredAt: now } as const
    await db.surveySuggestion.create({
      data: { ...suggestion, id: randomUUID(), questionnaireVersion: 1, receivedMonth: october, text: 'x' },
    })
    const { id, row } = await made()
    const parts = unzipSync(await file(id, 'xlsx'))
    const text = (name: string) => strFromU8(parts[name] ?? new Uint8Array())
    const strings = [...text('xl/sharedStrings.xml').matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, s]) => s)
    const sheets = Object.keys(parts).filter((name) => name.startsWith('xl/worksheets/sheet'))
    expect(sheets.length).toBe(15)
    for (const name of sheets) expect(text(name)).not.toContain('<f')
    for (const wanted of [row.sha256, risky.replaceAll('"', '&quot;'), '@SUM(1)', 'Quận 3'])
      expect(strings.map((one) => one?.replaceAll('"', '&quot;'))).toContain(wanted)
    const rows = [...text('xl/worksheets/sheet4.xml').matchAll(/<row[^>]*>(.*?)<\/row>/g)].map(
      ([, cells = '']) =>
        [...cells.matchAll(/<c [^>]*?(t="s")?><v>([^<]*)<\/v><\/c>/g)].map(([, isText, value]) =>
          isText ? strings[Number(value)] : Number(value),
        ),
    )
    expect(rows).toContainEqual([
      'quan-3',
      'Quận 3',
      'Quận, huyện',
      30,
      expect.closeTo(20 / 30, 12),
      expect.closeTo(0.4878, 4),
      expect.closeTo(0.8077, 4),
      'từ 30 phiếu',
      0,
      0,
    ])
    const unpublished = Array(5).fill('chưa công bố')
    expect(rows).toContainEqual(['quan-1', 'Quận 1', 'Quận, huyện', ...unpublished, 10, 0])

    const pdf = await file(id, 'pdf')
    expect(/\/MediaBox \[0 0 595[\d.]* 841[\d.]*\]/.test(pdf.toString('latin1'))).toBe(true)
    expect(pdf.toString('latin1')).toContain(`SHA-256 ${row.sha256}`)
    const read = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
    // The pages can be read only where pdftotext is installed.
    if (read.error) return
    const printed = read.stdout
    for (const words of [
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Từ tháng 01/2026 đến hết ngày 24/11/2026',
      '83,3%',
      'Chưa đủ mười người: chưa công bố',
      row.sha256 ?? '',
      'Trang 1/',
    ])
      expect(printed).toContain(words)
    // The answer comes before the method.
    expect(printed.indexOf('83,3%')).toBeLessThan(printed.indexOf('Cách làm và giới hạn'))
  })
})

const alone = (id: string) => ({ id, replacesId: null })

describe('who may', () => {
  it('choose only agencies that there are', async () => {
    const manager = await makeStaff('survey_manager')
    for (const agency of [[], ['quan-99']]) {
      const wanted = { period: '2026', scope: 'chosen', agency, submitKey: randomUUID() } as const
      expect(await askForReport(manager, wanted, now)).toEqual(err('agencies'))
    }
  })

  it('ask, try again and publish: the survey manager, once, and it is written down', async () => {
    const [manager, auditor] = [await makeStaff('survey_manager'), await makeStaff('auditor')]
    const wanted = { period: '2026', scope: 'districts', submitKey: randomUUID() } as const
    expect(await askForReport(auditor, wanted, now)).toEqual(err('forbidden'))
    const asked = await askForReport(manager, wanted, now)
    const id = asked.ok ? asked.value : ''
    expect(await publishReport(manager, alone(id), now)).toEqual(err('changed'))
    await superuser.query(`ALTER TABLE survey_months RENAME TO gone`)
    await expect(buildReport(id, now)).rejects.toThrow()
    await superuser.query(`ALTER TABLE gone RENAME TO survey_months`)
    expect(await findReport(id)).toMatchObject({ state: 'failed', sha256: null })
    expect(await retryReport(auditor, id, now)).toEqual(err('forbidden'))
    expect((await retryReport(manager, id, now)).ok).toBe(true)
    await buildReport(id, now)
    expect(await retryReport(manager, id, now)).toEqual(err('changed'))
    expect(await publishReport(auditor, alone(id), now)).toEqual(err('forbidden'))
    expect(await listOpenReports(now)).toEqual([])
    const both = await Promise.all([1, 2].map(() => publishReport(manager, alone(id), now)))
    expect(both.filter(({ ok }) => ok).length).toBe(1)
    expect((await listOpenReports(now)).map((report) => report.id)).toEqual([id])
    const acts = await db.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { act: true } })
    const names = ['asked', 'retried', 'ready', 'published']
    expect(acts.map(({ act }) => act)).toEqual([
      ...names.map((name) => `survey.report_${name}`),
      'figures.published',
    ])
  })
})

describe('withdrawing a report', () => {
  const later = new Date('2026-11-25T03:00:00Z')
  const REASON = { reason: 'Thiếu số liệu của hai phường.' }
  const withdrawal = (id: string, typed: Record<string, string> = REASON) => ({
    ...{ reportId: id, ...typed },
    submitKey: randomUUID(),
  })
  /** Creates a ready report whose files are never read here. */
  async function ready(askedAt = now) {
    const id = randomUUID()
    await db.surveyReport.create({
      data: {
        ...{ id, scope: 'all', askedAt, state: 'ready', readyAt: askedAt },
        ...{ fromMonth: new Date('2026-01-01'), toMonth: new Date('2026-12-01') },
        dataset: Buffer.from('{}'),
        sha256: createHash('sha256').update('{}').digest(),
      },
    })
    for (const { kind, locale } of REPORT_FILES)
      await reportStorage().put(fileKey(id, kind, locale), Readable.from(['x']))
    return id
  }

  it('is told for ever, also to a reader who asks by the hash that is printed on it', async () => {
    const [manager, auditor] = [await makeStaff('survey_manager'), await makeStaff('auditor')]
    const id = await ready()
    expect(await askWithdrawal(manager, withdrawal(id), later)).toEqual(err({ form: 'report.changed' }))
    await publishReport(manager, alone(id), now)
    expect(await askWithdrawal(auditor, withdrawal(id), later)).toEqual(err('forbidden'))
    expect(await askWithdrawal(manager, withdrawal(id, { reason: '' }), later)).toEqual(
      err({ reason: 'withdraw.empty' }),
    )
    const hash = (await findReport(id))?.sha256 ?? ''
    expect(await findReportsByHash(` ${hash.slice(0, 8)} ${hash.slice(8, 16).toUpperCase()}`)).toMatchObject({
      reports: [{ id, withdrawn: null }],
    })
    expect((await byTwo(manager, { reportId: id }, REASON, later)).ok).toBe(true)
    const withdrawn = { at: later, reasonVi: REASON.reason, reasonEn: null }
    expect(await listOpenReports(now)).toMatchObject([{ id, sha256: hash, withdrawn }])
    expect(await findReportsByHash(hash)).toMatchObject({ reports: [{ id, withdrawn }], logged: [] })
    expect(await findReportsByHash('0'.repeat(64))).toEqual({ reports: [], logged: [] })
    for (const typed of ['', hash.slice(0, 15), `${hash}0`, 'g'.repeat(64), "' OR 1=1 --"])
      expect(await findReportsByHash(typed)).toBeNull()
    expect(await db.auditEntry.findMany({ where: { act: 'survey.report_withdrawn' } })).toMatchObject([
      { subjectId: id, facts: { reason: REASON.reason, askedBy: manager.id } },
    ])
  })

  it('leaves its place to one other, which names it', async () => {
    const manager = await makeStaff('survey_manager')
    const [first, second, third] = [await ready(), await ready(), await ready()]
    await publishReport(manager, alone(first), now)
    const instead = (id: string, key?: string) =>
      publishReport(manager, { id, replacesId: first }, later, key)
    expect(await instead(second)).toEqual(err('replaced'))
    await byTwo(manager, { reportId: first }, REASON, later)
    expect((await listWithdrawnReports(manager)).map(({ id }) => id)).toEqual([first])
    const [keys, places] = [
      [randomUUID(), randomUUID()],
      [second, third],
    ]
    const forms = () => Promise.all(places.map((id, at) => instead(id, keys[at])))
    const both = await forms()
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    // Sent again, each gets the same result.
    expect(await Promise.all([forms(), forms()])).toEqual([both, both])
    expect(both).toContainEqual(err('replaced'))
    expect(await listWithdrawnReports(manager)).toEqual([])
    expect(await listOpenReports(now)).toMatchObject([
      { replaces: { publishedAt: now } },
      { id: first, replacedBy: { publishedAt: later } },
    ])
  })

  it('is not undone in the database either, and nothing that was public is deleted there', async () => {
    const manager = await makeStaff('survey_manager')
    const [id, other] = [await ready(), await ready()]
    const where = { id }
    await expect(
      db.surveyReport.update({ where, data: { withdrawnAt: later, withdrawnVi: 'x' } }),
    ).rejects.toThrow()
    await publishReport(manager, alone(id), now)
    await expect(db.surveyReport.update({ where, data: { publishedAt: null } })).rejects.toThrow('stays')
    await expect(
      db.surveyReport.update({ where: { id: other }, data: { publishedAt: later, replacesId: id } }),
    ).rejects.toThrow('withdrawn')
    await byTwo(manager, { reportId: id }, REASON, later)
    await expect(
      db.surveyReport.update({ where, data: { withdrawnAt: null, withdrawnVi: null } }),
    ).rejects.toThrow('stays')
    await expect(db.surveyReport.update({ where, data: { withdrawnVi: 'Khác.' } })).rejects.toThrow('stays')
    await expect(superuser.query('DELETE FROM survey_reports WHERE id = $1', [id])).rejects.toThrow('stays')
  })
})
