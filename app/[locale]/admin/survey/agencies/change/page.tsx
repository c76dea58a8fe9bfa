import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { MANUAL_KINDS, type ManualKind } from '#features/agencies/changes/form-rules.ts'
import { readManagedCatalogue } from '#features/agencies/changes/page-data.ts'
import { type AgencyVersion, nameIn } from '#features/agencies/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Locale } from '#messages/routing.ts'
import { previewAction } from '../actions.ts'
import { type ChangeFields, changeFields, MERGED } from '../wanted.ts'
import { KindFields } from './kind-fields.tsx'

export const access = 'survey:manage' satisfies Access

const kindIn = (kind: string | undefined): ManualKind | undefined => MANUAL_KINDS.find((one) => one === kind)

export async function generateMetadata({
  searchParams,
}: PageProps<'/[locale]/admin/survey/agencies/change'>): Promise<Metadata> {
  const [t, sent] = await Promise.all([getTranslations('survey-agencies.form'), searchParams])
  return { title: t(`title.${kindIn(changeFields(sent).kind) ?? 'add'}`) }
}

/** Renders the form of one change, filled in from the address, so that a person can return from the preview. */
export default async function ChangePage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/agencies/change'>) {
  const staff = await requireStaff(access)
  const [t, locale, sent, catalogue] = await Promise.all([
    getTranslations('survey-agencies.form'),
    getLocale(),
    searchParams,
    readManagedCatalogue(staff, new Date()),
  ])
  if (catalogue === null) notFoundPage(locale)
  const { open } = catalogue
  const fields = changeFields(sent)
  const kind = kindIn(fields.kind)
  const agency = open.find(({ id }) => id === fields.agency) ?? null
  const how = fields.how === 'into' || (fields.how === undefined && fields.into) ? 'into' : 'new'
  const one = kind === 'rename' || kind === 'split' || kind === 'close'
  if (kind === undefined || (one && agency === null)) notFoundPage(locale)
  return (
    <div className="stack-l max-w-measure">
      <PageHeader
        kicker={one && agency ? nameIn(locale, agency) : undefined}
        title={t(`title.${kind}`)}
        lead={t(`lead.${kind}`)}
      />
      {kind === 'merge' ? (
        <Tabs
          label={t('how')}
          tabs={(['new', 'into'] as const).map((key) => ({
            ...{ key, label: t(`howTo.${key}`), current: key === how },
            href: { pathname: '/admin/survey/agencies/change', query: { ...fields, how: key } },
          }))}
        />
      ) : null}
      {/* The key recreates the form for another kind of merger, so that no field of the first is sent. */}
      <ActionForm
        key={how}
        action={previewAction}
        initial={{ ...beforehand(kind, agency, locale), ...named(fields, open, locale) }}
      >
        <HiddenField name="kind" value={kind} />
        {kind === 'merge' ? <HiddenField name="how" value={how} /> : null}
        {one && agency ? <HiddenField name="agency" value={agency.id} /> : null}
        <KindFields kind={kind} open={open} agency={agency} how={how} fields={fields} />
        <Field name="on" type="date" width="short" label={t('on')} hint={t('onHint')} />
        <Field name="basis" label={t('basis')} hint={t('basisHint')} />
        <p className="text-soft">{t('previewText')}</p>
        <p className="actions">
          <SubmitButton>{t('preview')}</SubmitButton>
        </p>
      </ActionForm>
    </div>
  )
}

function beforehand(kind: ManualKind, agency: AgencyVersion | null, locale: Locale): Record<string, string> {
  if (agency === null) return {}
  if (kind === 'merge') return { from1: nameIn(locale, agency) }
  if (kind !== 'rename') return {}
  // The English name is empty, because an unchanged one would stay beside a new Vietnamese name.
  return { nameVi: agency.nameVi, abbreviation: agency.abbreviation ?? '' }
}

/** Returns the address's fields, with agency names instead of ids. */
function named(fields: ChangeFields, open: readonly AgencyVersion[], locale: Locale): ChangeFields {
  const names = new Map(open.map((one) => [one.id, nameIn(locale, one)]))
  const shown = [...MERGED, 'into' as const].flatMap((field) => {
    const name = names.get(fields[field] ?? '')
    return name === undefined ? [] : [[field, name]]
  })
  return { ...fields, ...Object.fromEntries(shown) }
}
