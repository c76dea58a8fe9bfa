import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { type Preview, previewChange } from '#features/agencies/changes/page-data.ts'
import { wordsFor } from '#http/action.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import type { Route } from '#messages/paths.ts'
import { decideAction } from '../actions.ts'
import { changeFaults } from '../refused.ts'
import { type ChangeFields, changeFields, wantedBy } from '../wanted.ts'
import { EffectsTable, LeftAloneTable, OpensTable } from './effects.tsx'

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
