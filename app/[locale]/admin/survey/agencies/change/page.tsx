import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { MANUAL_KINDS, type ManualKind } from '#features/agencies/changes/form-rules.ts'
import { readManagedCatalogue } from '#features/agencies/changes/page-data.ts'
import { AGENCY_KINDS, type AgencyVersion, nameIn } from '#features/agencies/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Locale } from '#messages/routing.ts'
import { previewAction } from '../actions.ts'
import { type ChangeFields, changeFields, MERGED } from '../wanted.ts'

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

interface KindFieldsProps {
  readonly kind: ManualKind
  readonly open: readonly AgencyVersion[]
  /** The agency being changed; null for changes without one. */
  readonly agency: AgencyVersion | null
  /** For a merger: `into` if an existing agency continues, `new` if a new one begins. */
  readonly how: 'new' | 'into'
  readonly fields: ChangeFields
}

async function KindFields({ kind, open, agency, how, fields }: KindFieldsProps) {
  const t = await getTranslations('survey-agencies')
  const kinds = AGENCY_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))
  if (kind === 'close') return null
  if (kind === 'split') {
    return (
      <>
        <TextArea name="parts" label={t('form.parts')} hint={t('form.partsHint')} rows={6} />
        <Checkbox name="keeps" label={t('form.keeps')} />
      </>
    )
  }
  const renames = kind === 'rename'
  const merges = kind === 'merge'
  if (merges && how === 'into') return <Merged open={open} fields={fields} into />
  return (
    <>
      {merges ? <Merged open={open} fields={fields} /> : null}
      {renames ? null : (
        <Select
          name="agencyKind"
          label={t('form.agencyKind')}
          placeholder={t('form.choose')}
          options={kinds}
        />
      )}
      <Field name="nameVi" label={t(renames ? 'form.nameVi' : 'form.nameNew')} />
      <Field
        name="nameEn"
        label={t('form.nameEn')}
        hint={renames && agency ? t('form.nameEnNow', { name: agency.nameEn }) : t('form.nameEnHint')}
      />
      <Field name="abbreviation" label={t('form.abbreviation')} width="short" optional />
    </>
  )
}

const SHOWN = 4

/** Renders the fields for the agencies of a merger: each is typed and found in one list; rarely needed fields are folded. */
async function Merged({
  open,
  fields,
  into = false,
}: {
  readonly open: readonly AgencyVersion[]
  readonly fields: ChangeFields
  readonly into?: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies.form'), getLocale()])
  const field = (name: (typeof MERGED)[number], at: number) => (
    <Field
      key={name}
      name={name}
      label={t('from', { n: at + 1 })}
      hint={at === 0 ? t('fromHint') : undefined}
      list="agencies"
      optional={at > (into ? 0 : 1)}
    />
  )
  const [first, others] = [MERGED.slice(0, SHOWN), MERGED.slice(SHOWN)]
  return (
    <>
      <datalist id="agencies">
        {open.map(({ id, nameVi, nameEn }) => (
          <option key={id} value={locale === 'vi' ? nameVi : nameEn} />
        ))}
      </datalist>
      {into ? <Field name="into" label={t('into')} hint={t('intoHint')} list="agencies" /> : null}
      {first.map(field)}
      <Details summary={t('moreFrom')} open={others.some((name) => fields[name] !== undefined)}>
        {others.map((name, at) => field(name, at + SHOWN))}
      </Details>
    </>
  )
}
