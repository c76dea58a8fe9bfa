import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Effect, Left, Preview } from '#features/agencies/changes/page-data.ts'
import type { Agency } from '#features/agencies/rules.ts'
import { formatDate } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

/** With more new agencies than this, they are folded and only counted. */
const MANY = 12
const FEW = 3

/** Shows what becomes of each agency that the change ends, its links and its public answers. */
export async function EffectsTable({ preview: { effects } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  if (effects.length === 0) return null
  const title = t('preview.closes', { count: effects.length })
  const rows = effects.map((effect) => ({
    key: effect.agency.id,
    marks: { 'data-agency': effect.agency.id },
    cells: {
      name: (
        <div>
          {locale === 'vi' ? effect.agency.nameVi : effect.agency.nameEn}
          {effect.kiosks + effect.viewers === 0 ? null : (
            <small className="block text-soft">{t('preview.bound', boundIn([effect]))}</small>
          )}
        </div>
      ),
      link: (
        <div>
          <code className="text-sm">{addressOf(locale, effect.agency)}</code>
          <small className="block text-soft">
            <Leads to={effect.goesOn ? 'itself' : effect.successors} />
          </small>
        </div>
      ),
      succession: effect.kinds.map((kind) => t(`succession.${kind}`)).join(', '),
      published: <span className="num">{effect.published}</span>,
    },
  }))
  const bound = boundIn(effects)
  return (
    <section className="stack">
      <h2>{title}</h2>
      {bound.kiosks + bound.viewers === 0 ? null : (
        <Notice title={t('preview.boundTitle', bound)}>
          <p>{t('preview.boundText')}</p>
        </Notice>
      )}
      <Table
        caption={title}
        captionHidden
        columns={[
          { key: 'name', label: t('name') },
          { key: 'succession', label: t('preview.succession') },
          { key: 'link', label: t('preview.link') },
          { key: 'published', label: t('preview.published'), align: 'end' },
        ]}
        rows={rows}
      />
    </section>
  )
}

const boundIn = (effects: readonly Effect[]) => ({
  kiosks: effects.reduce((sum, { kiosks }) => sum + kiosks, 0),
  viewers: effects.reduce((sum, { viewers }) => sum + viewers, 0),
})

async function Leads({ to: successors }: { readonly to: 'itself' | Effect['successors'] }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies.preview'), getLocale()])
  if (successors === 'itself') return t('goesOn')
  if (successors.length === 0) return t('nobody')
  if (successors.length > FEW) return t('leadsCount', { count: successors.length })
  const names = successors.map(({ nameVi, nameEn }) => (locale === 'vi' ? nameVi : nameEn))
  return t('leads', { names: names.join(', ') })
}

/** Shows what begins, and at which address. */
export async function OpensTable({ preview: { opens } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  if (opens.length === 0) return null
  const title = t('preview.opens', { count: opens.length })
  const table = (
    <Table
      caption={title}
      captionHidden
      columns={[
        { key: 'name', label: t('name') },
        { key: 'nameEn', label: t('agency.nameEn') },
        { key: 'kind', label: t('kindLabel') },
        { key: 'link', label: t('preview.link') },
      ]}
      rows={opens.map((agency) => ({
        key: agency.id,
        cells: {
          name: agency.nameVi,
          nameEn: agency.nameEn,
          kind: t(`kind.${agency.kind}`),
          link: <code className="text-sm">{addressOf(locale, agency)}</code>,
        },
      }))}
    />
  )
  return opens.length > MANY ? (
    <Details summary={title}>{table}</Details>
  ) : (
    <section className="stack">
      <h2>{title}</h2>
      {table}
    </section>
  )
}

/** Shows what had ended before an edition that names it, and what that means. */
export async function LeftAloneTable({ preview: { leftAlone } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  if (leftAlone.length === 0) return null
  const title = t('preview.leftAlone', { count: leftAlone.length })
  const rows = leftAlone.map(({ agency, successors }: Left) => ({
    key: agency.id,
    marks: { 'data-left-alone': agency.id },
    cells: {
      name: locale === 'vi' ? agency.nameVi : agency.nameEn,
      since: <span className="num">{agency.validTo && formatDate(locale, agency.validTo)}</span>,
      link: <Leads to={successors} />,
    },
  }))
  return (
    <section className="stack">
      <h2>{title}</h2>
      <p className="max-w-measure">{t('preview.leftAloneText')}</p>
      <Table
        caption={title}
        captionHidden
        columns={[
          { key: 'name', label: t('name') },
          { key: 'since', label: t('preview.endedOn') },
          { key: 'link', label: t('preview.link') },
        ]}
        rows={rows}
      />
    </section>
  )
}

const addressOf = (locale: 'vi' | 'en', { id }: Agency): string =>
  pathFor(locale, { pathname: '/rate/[agency]', params: { agency: id } })
