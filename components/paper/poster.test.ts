import { spawnSync } from 'node:child_process'
import { renderToBuffer } from '@react-pdf/renderer'
import { expect, test } from 'vitest'
import { CITY } from '#cities/city.ts'
import first from '#cities/hcm/agencies-2016.json' with { type: 'json' }
import second from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import { posterPaper } from '#features/agencies/paper/poster.ts'
import { codeSheetPaper } from '#features/questionnaires/paper/code-sheet.ts'
import en from '#messages/en/survey-posters.json' with { type: 'json' }
import vi from '#messages/vi/survey-posters.json' with { type: 'json' }

const results = 'antam.hochiminhcity.gov.vn/ket-qua'
const link = 'https://antam.hochiminhcity.gov.vn/danh-gia/ban-quan-ly-khu-cong-nghe-cao'
const words = (said: typeof vi, agency: string) => ({
  ...said,
  city: CITY.committee.vi,
  agency,
  steps: [said.steps.scan, said.steps.answer, said.steps.done.replace('{url}', results)],
})
const pages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length
const poster = (nameVi: string, nameEn: string) =>
  renderToBuffer(posterPaper({ vi: words(vi, nameVi), en: words(en, nameEn), link }))

// The longest ward names are enough: a shorter one of the same kind takes no more room.
const named = [...first.agencies, ...second.departments].map((one) => [one.name_vi, one.name_en] as const)
const units = second.units
  .map(({ name_vi }) => [name_vi, name_vi] as const)
  .toSorted(([a], [b]) => b.length - a.length)
const names = new Map([...named, ...units.slice(0, 20)])

test.each([...names])('the poster of %s is one sheet of paper', async (nameVi, nameEn) => {
  expect(pages(await poster(nameVi, nameEn))).toBe(1)
})

// Up to the longest name that the catalogue accepts.
test.each([18, 19, 24, 25, 48, 49, 120])('so is that of a name of %i letters', async (letters) => {
  const name = 'Phường Nguyễn '.repeat(20).slice(0, letters)
  expect(pages(await poster(name, name))).toBe(1)
})

test('the sheet of codes has eight to a page', async () => {
  const agencies = [...names].map(([nameVi, nameEn]) => ({ id: nameVi, vi: nameVi, en: nameEn, link }))
  const sheet = await renderToBuffer(
    codeSheetPaper({
      title: vi.sheetTitle,
      line: `${vi.subtitle}. ${vi.steps.answer}.`,
      lineEn: `${en.subtitle}.`,
      agencies,
    }),
  )
  expect(pages(sheet)).toBe(Math.ceil(agencies.length / 8))
  const read = spawnSync('pdftotext', ['-', '-'], { input: sheet, encoding: 'utf8' })
  if (read.error) return
  // People whose camera reads no codes type the address; readers of English need to know its purpose.
  const flat = read.stdout.replaceAll(/\s+/g, '')
  expect(flat).toContain('antam.hochiminhcity.gov.vn/danh-gia/ban-quan-ly-khu-cong-nghe-cao')
  expect(flat).not.toContain('https://')
  expect(flat).toContain(en.subtitle.replaceAll(' ', ''))
})
