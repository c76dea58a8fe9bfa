import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { STAFF_ROLES } from '#domain/access/roles.ts'
import type { Agency } from '#domain/survey/agency.ts'
import type { PoliceArea } from '#server/reference/loaders.ts'
import { StepUpField } from '../step-up-field.tsx'
import { inviteAction } from './actions.ts'

/** The first form of the page: its answer shows the link, once. */
export async function InviteForm({
  areas,
  agencies,
}: {
  readonly areas: readonly PoliceArea[]
  readonly agencies: readonly Agency[]
}) {
  const [t, locale] = await Promise.all([getTranslations('admin'), getLocale()])
  const named = ({ id, nameVi, nameEn }: PoliceArea | Agency) => ({
    value: id,
    label: locale === 'en' ? nameEn : nameVi,
  })
  return (
    <section className="card stack">
      <h2>{t('accounts.invite')}</h2>
      <p>{t('accounts.invite_lead')}</p>
      <ActionForm action={inviteAction} className="grid gap-4 md:grid-cols-2">
        <Field name="name" label={t('accounts.name')} />
        <Field name="email" label={t('accounts.email')} type="email" />
        <Select
          name="role"
          label={t('accounts.role')}
          options={STAFF_ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        />
        <Select
          name="areaId"
          label={t('accounts.area')}
          hint={t('accounts.area_hint')}
          placeholder={t('accounts.no_area')}
          options={areas.map(named)}
        />
        <Select
          name="agencyId"
          label={t('accounts.agency')}
          hint={t('accounts.agency_hint')}
          placeholder={t('accounts.no_agency')}
          options={agencies.map(named)}
        />
        <StepUpField />
        <p className="actions md:col-span-2">
          <SubmitButton>{t('accounts.send')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}
