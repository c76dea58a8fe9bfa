import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import type { AgencyEffect, Preview } from '#features/agencies/changes/page-data.ts'
import type { Agency } from '#features/agencies/rules.ts'
import { formatDate } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

/** More new agencies than this are folded and only counted. */
const MANY = 12
const FEW = 3

export async function EffectsTable({ preview: { effects } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  if (effects.length === 0) return null
  const title = t('preview.closes', { count: effects.length })
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
          {
            head: t('name'),
            cell: (effect) => (
              <div>
                {locale === 'vi' ? effect.agency.nameVi : effect.agency.nameEn}
                {effect.kiosks + effect.viewers === 0 ? null : (
                  <small className="block text-soft">{t('preview.bound', boundIn([effect]))}</small>
                )}
              </div>
            ),
          },
          {
            head: t('preview.succession'),
            cell: ({ kinds }) => kinds.map((kind) => t(`succession.${kind}`)).join(', '),
          },
          {
            head: t('preview.link'),
            cell: ({ agency, goesOn, successors }) => (
              <div>
                <code className="text-sm">{addressOf(locale, agency)}</code>
                <small className="block text-soft">
                  <Leads to={goesOn ? 'itself' : successors} />
                </small>
              </div>
            ),
          },
          {
            head: t('preview.published'),
            align: 'end',
            cell: ({ published }) => <span className="num">{published}</span>,
          },
        ]}
        rows={effects}
        keyOf={({ agency }) => agency.id}
        marks={({ agency }) => ({ 'data-agency': agency.id })}
      />
    </section>
  )
}

const boundIn = (effects: readonly AgencyEffect[]) => ({
  kiosks: effects.reduce((sum, { kiosks }) => sum + kiosks, 0),
  viewers: effects.reduce((sum, { viewers }) => sum + viewers, 0),
})

async function Leads({ to: successors }: { readonly to: 'itself' | AgencyEffect['successors'] }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies.preview'), getLocale()])
  if (successors === 'itself') return t('goesOn')
  if (successors.length === 0) return t('nobody')
  if (successors.length > FEW) return t('leadsCount', { count: successors.length })
  const names = successors.map(({ nameVi, nameEn }) => (locale === 'vi' ? nameVi : nameEn))
  return t('leads', { names: names.join(', ') })
}

export async function OpensTable({ preview: { opens } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  if (opens.length === 0) return null
  const title = t('preview.opens', { count: opens.length })
  const table = (
    <Table
      caption={title}
      captionHidden
      columns={[
        { head: t('name'), cell: (agency) => agency.nameVi },
        { head: t('agency.nameEn'), cell: (agency) => agency.nameEn },
        { head: t('kindLabel'), cell: (agency) => t(`kind.${agency.kind}`) },
        {
          head: t('preview.link'),
          cell: (agency) => <code className="text-sm">{addressOf(locale, agency)}</code>,
        },
      ]}
      rows={opens}
      keyOf={(agency) => agency.id}
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

/** Shows agencies that had ended before an edition that names them, with the consequence. */
export async function LeftAloneTable({ preview: { leftAlone } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  if (leftAlone.length === 0) return null
  const title = t('preview.leftAlone', { count: leftAlone.length })
  return (
    <section className="stack">
      <h2>{title}</h2>
      <p className="max-w-measure">{t('preview.leftAloneText')}</p>
      <Table
        caption={title}
        captionHidden
        columns={[
          { head: t('name'), cell: ({ agency }) => (locale === 'vi' ? agency.nameVi : agency.nameEn) },
          {
            head: t('preview.endedOn'),
            cell: ({ agency }) => (
              <span className="num">{agency.validTo && formatDate(locale, agency.validTo)}</span>
            ),
          },
          { head: t('preview.link'), cell: ({ successors }) => <Leads to={successors} /> },
        ]}
        rows={leftAlone}
        keyOf={({ agency }) => agency.id}
        marks={({ agency }) => ({ 'data-left-alone': agency.id })}
      />
    </section>
  )
}

const addressOf = (locale: 'vi' | 'en', { id }: Agency): string =>
  pathFor(locale, { pathname: '/rate/[agency]', params: { agency: id } })
