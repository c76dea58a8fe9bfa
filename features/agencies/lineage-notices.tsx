import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { writtenTag } from '#components/ui/written.tsx'
import { formatDate } from '#messages/dates.ts'
import type { Ending } from './data.ts'
import { type Agency, nameIn, type Renaming } from './rules.ts'

type AgencyPage = '/rate/[agency]' | '/results/[agency]'

async function Agencies({
  agencies,
  page,
}: {
  readonly agencies: readonly Agency[]
  readonly page: AgencyPage
}) {
  const locale = await getLocale()
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1">
      {agencies.map(({ id, nameVi, nameEn }) => (
        <li key={id}>
          <Link href={{ pathname: page, params: { agency: id } }} className="inline-block py-1">
            {locale === 'vi' ? nameVi : nameEn}
          </Link>
        </li>
      ))}
    </ul>
  )
}

interface EndingNoticeProps {
  readonly name: string
  readonly ending: Ending
  /** True when services of the agency's time can still be rated below. */
  readonly open: boolean
  readonly page: AgencyPage
}

export async function EndingNotice({ name, ending, open, page }: EndingNoticeProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.lineage')])
  const date = formatDate(locale, ending.on)
  const some = ending.successors.length > 0
  return (
    <Notice title={t('ended', { name, date })}>
      {ending.basis === null ? null : (
        <p className="text-soft">{t.rich('basis', { ...writtenTag, basis: ending.basis })}</p>
      )}
      {open ? <p>{t(some ? 'stillOpen' : 'stillOpenAlone', { date })}</p> : null}
      {open ? null : <p>{t(some ? 'moved' : 'abolished')}</p>}
      <Agencies agencies={ending.successors} page={page} />
      {!open && page === '/rate/[agency]' && ending.successors.length > 1 ? <p>{t('movedHint')}</p> : null}
      {page === '/results/[agency]' ? <p>{t('pastText', { name })}</p> : null}
    </Notice>
  )
}

export async function CameFromNotice({ from, to }: { readonly from: Agency; readonly to: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.lineage')])
  const names = { from: locale === 'vi' ? from.nameVi : from.nameEn, to }
  return (
    <Notice tone="info" title={t('cameFrom', names)}>
      <p>{t('cameFromText', names)}</p>
    </Notice>
  )
}

export async function BeforeNotice({
  before,
}: {
  readonly before: { readonly on: string; readonly agencies: readonly Agency[] }
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.lineage')])
  return (
    <Notice tone="info" title={t('before', { date: formatDate(locale, before.on) })}>
      <p>{t('beforeText')}</p>
      <Agencies agencies={before.agencies} page="/rate/[agency]" />
    </Notice>
  )
}

export async function FromNotice({
  on,
  agencies,
  basis,
}: {
  readonly on: string
  readonly agencies: readonly Agency[]
  readonly basis: string
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.lineage')])
  return (
    <Notice tone="info" title={t('from', { date: formatDate(locale, on) })}>
      <Agencies agencies={agencies} page="/results/[agency]" />
      <p className="text-sm text-soft">{t.rich('basis', { ...writtenTag, basis })}</p>
    </Notice>
  )
}

export async function RenamedNotice({
  renamings,
  page,
}: {
  readonly renamings: readonly Renaming[]
  readonly page: AgencyPage
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.lineage')])
  const [last] = renamings
  if (last === undefined) return null
  return (
    <Notice tone="info" title={t('renamedTitle', { name: nameIn(locale, last.before) })}>
      <ul>
        {renamings.map(({ before, after, on, basis }) => (
          <li key={on}>
            {t('renamed', {
              before: nameIn(locale, before),
              after: nameIn(locale, after),
              date: formatDate(locale, on),
            })}{' '}
            {basis === null ? null : (
              <span className="text-soft">{t.rich('basis', { ...writtenTag, basis })}</span>
            )}
          </li>
        ))}
      </ul>
      <p>{t(page === '/results/[agency]' ? 'renamedResults' : 'renamedRate')}</p>
    </Notice>
  )
}
