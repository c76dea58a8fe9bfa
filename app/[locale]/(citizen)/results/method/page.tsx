import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import { MEASURED } from '#features/ratings/masking/measured-rules.ts'
import { readDispersion } from '#features/results/data.ts'
import { DispersionLine } from '#features/results/headline.tsx'
import { ResultsTabs } from '#features/results/results-table.tsx'
import { percent } from '#features/results/rules.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('results-method', 'title')

const PARTS = [
  { key: 'who', lines: ['text'] },
  { key: 'invited', lines: ['text', 'formula', 'more'] },
  { key: 'network', lines: ['text'] },
  { key: 'interval', lines: ['text', 'formula'] },
  { key: 'dispersion', lines: ['text', 'formula', 'more'] },
  { key: 'parts', lines: ['text', 'more'] },
  { key: 'bands', lines: ['text', 'formula', 'more'] },
  { key: 'chart', lines: ['text', 'formula'] },
  { key: 'difference', lines: ['text'] },
  { key: 'trial', lines: ['text', 'formula'] },
] as const

const SOURCES = [
  'E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212',
  'R. G. Newcombe, Statist. Med. 17 (1998) 873–890',
  'D. J. Spiegelhalter, Statist. Med. 24 (2005) 1185–1202; Qual. Saf. Health Care 14 (2005) 347–351',
  'D. B. Laney, Qual. Eng. 14 (2002) 531–537',
  'S. Holm, Scand. J. Statist. 6 (1979) 65–70',
  'I. Campbell, Statist. Med. 26 (2007) 3661–3675',
  'C. Franco, R. J. A. Little, T. A. Louis, E. V. Slud, J. Surv. Stat. Methodol. 7 (2019) 334–364',
  'N. Mantel, W. Haenszel, J. Natl. Cancer Inst. 22 (1959) 719–748',
  'G. Y. Zou, A. Donner, Statist. Med. 27 (2008) 1693–1702',
  'L. Kish, Survey Sampling, Wiley 1965, 11.7',
  'T. Yamane, Statistics, an introductory analysis, 2nd ed., Harper & Row 1967',
] as const

export default async function MethodPage() {
  const [t, dispersion] = await Promise.all([getTranslations('results-method'), readDispersion(new Date())])
  return (
    <div className="space-y-12">
      <ResultsTabs current="method" />
      <PageHeader title={t('title')} lead={t('lead')} />
      <div className="prose stack-l">
        {PARTS.map(({ key, lines }) => (
          <PhoneFold key={key} id={key} title={t(`${key}.title`)}>
            {lines.map((line) =>
              line === 'formula' ? (
                <p key={line} className="num overflow-x-auto">
                  {t(`${key}.${line}` as 'bands.formula')}
                </p>
              ) : (
                <p key={line}>{t(`${key}.${line}` as 'bands.text')}</p>
              ),
            )}
            {key === 'dispersion' ? (
              <p data-dispersion={dispersion.factor}>
                <DispersionLine dispersion={dispersion} />
              </p>
            ) : null}
          </PhoneFold>
        ))}
        <Masking />
        <PhoneFold id="sources" title={t('sources')}>
          <ul>
            {SOURCES.map((source) => (
              <li key={source}>{source}</li>
            ))}
          </ul>
          <p>
            <Link href="/results/data">{t('again')}</Link>
          </p>
        </PhoneFold>
      </div>
    </div>
  )
}

/** Shows the measured share of personal details in comments that is masked or held back. */
async function Masking() {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results-method.masking')])
  const { atFirst } = MEASURED
  return (
    <PhoneFold id="masking" title={t('title')}>
      <p>{t('text')}</p>
      <ul>
        {(['first', 'second'] as const).map((key) => {
          const { personal, through, innocent, touched, held } = MEASURED[key]
          const throughShare = percent(locale, through / personal)
          const counts = { personal, through, throughShare, innocent, touched, held, atFirst }
          return (
            <li key={key} data-masking={key}>
              {t(key, { sentences: personal + innocent, ...counts })}
            </li>
          )
        })}
      </ul>
      <p>{t('more')}</p>
    </PhoneFold>
  )
}
