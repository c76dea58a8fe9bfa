import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { type AgencyEffect, type Preview, previewChange } from '#features/agencies/changes/page-data.ts'
import type { Agency } from '#features/agencies/rules.ts'
import { wordsFor } from '#http/action.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor, type Route } from '#messages/paths.ts'
import { decideAction } from '../actions.ts'
import { changeFaults } from '../refused.ts'
import { type ChangeFields, changeFields, wantedBy } from '../wanted.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-agencies.preview', 'title')

export default async function PreviewPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/agencies/preview'>) {
  const staff = await requireStaff(access)
  const [t, locale, sent] = await Promise.all([
    getTranslations('survey-agencies.preview'),
    getLocale(),
    searchParams,
  ])
  const fields = changeFields(sent)
  const wanted = wantedBy(fields)
  if (wanted === null) notFoundPage(locale)
  const now = new Date()
  const seen = await previewChange(staff, wanted, now)
  if ('refused' in seen) {
    const words = await wordsFor(changeFaults(seen.refused, locale))
    return (
      <div className="stack-l max-w-measure">
        <PageHeader title={t('refused')} />
        <Notice tone="bad">
          {Object.entries(words).map(([field, text]) => (
            <p key={field}>{text}</p>
          ))}
        </Notice>
        <p className="actions">
          <Again fields={fields} />
        </p>
      </div>
    )
  }
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Facts preview={seen.preview} />
      <EffectsTable preview={seen.preview} />
      <LeftAloneTable preview={seen.preview} />
      <OpensTable preview={seen.preview} />
      <Confirm fields={fields} preview={seen.preview} now={now} />
    </div>
  )
}

async function Facts({ preview: { change } }: { readonly preview: Preview }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  return (
    <SummaryList
      rows={[
        { key: 'kind', term: t('what'), value: t(`changeKind.${change.kind}`) },
        { key: 'on', term: t('on'), value: formatDate(locale, change.on) },
        { key: 'basis', term: t('basis'), value: change.basis },
      ]}
    />
  )
}

async function Confirm({
  fields,
  preview: { change, basedOn },
  now,
}: {
  readonly fields: ChangeFields
  readonly preview: Preview
  readonly now: Instant
}) {
  const t = await getTranslations('survey-agencies.preview')
  return (
    <ActionForm action={decideAction} className="stack">
      {Object.entries(fields).map(([name, value]) => (
        <HiddenField key={name} name={name} value={value} />
      ))}
      <HiddenField name="basedOn" value={basedOn} />
      <p>{t(change.on > localDate(now) ? 'confirmText' : 'confirmTextNow')}</p>
      <p>{t(change.opens.length > 0 ? 'undoOpened' : 'undoClosed')}</p>
      <p className="actions">
        <SubmitButton>{t('confirm')}</SubmitButton>
        <Again fields={fields} />
      </p>
    </ActionForm>
  )
}

async function Again({ fields }: { readonly fields: ChangeFields }) {
  const t = await getTranslations('survey-agencies.preview')
  const back: Route = fields.edition
    ? '/admin/survey/agencies'
    : { pathname: '/admin/survey/agencies/change', query: fields }
  return (
    <ButtonLink href={back} look="quiet">
      {t('again')}
    </ButtonLink>
  )
}

/** More new agencies than this are folded and only counted. */
const MANY = 12
const FEW = 3

async function EffectsTable({ preview: { effects } }: { readonly preview: Preview }) {
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

async function OpensTable({ preview: { opens } }: { readonly preview: Preview }) {
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
async function LeftAloneTable({ preview: { leftAlone } }: { readonly preview: Preview }) {
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
