import { citedSiteUrl, dataLicence } from '#http/settings.ts'
import { catalogue } from '#messages/catalogue.ts'
import { cityWords } from '#messages/city.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import type { SnapshotAnswer } from './schemas.ts'

/** Returns the permanent address of a snapshot's page. */
export const snapshotPage = (month: string, locale: Locale = 'vi'): string =>
  citedSiteUrl() + pathFor(locale, { pathname: '/results/archive/[month]', params: { month } })

export function cite({
  month,
  takenOn,
  sha256,
}: Pick<SnapshotAnswer, 'month' | 'takenOn' | 'sha256'>): SnapshotAnswer['citation'] {
  const licence = dataLicence().name
  const say = (locale: Locale) =>
    catalogue[locale]['results-archive'].citation
      .replace('{city}', cityWords(locale).city)
      .replace('{month}', month)
      .replace('{day}', takenOn)
      .replace('{url}', snapshotPage(month, locale))
      .replace('{sha256}', sha256)
      .replace('{licence}', licence)
  const bibtex = [
    `@misc{antam-${month},`,
    '  author = {{An Tâm}},',
    `  title = {${catalogue.en['results-archive'].work.replace('{city}', cityWords('en').city).replace('{month}', month)}},`,
    `  year = {${takenOn.slice(0, 4)}},`,
    `  date = {${takenOn}},`,
    `  url = {${snapshotPage(month, 'en')}},`,
    `  note = {SHA-256 ${sha256}. ${licence}}`,
    '}',
  ].join('\n')
  return { vi: say('vi'), en: say('en'), bibtex }
}
