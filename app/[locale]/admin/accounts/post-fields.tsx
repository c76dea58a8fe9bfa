import { getLocale, getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { carrierNames } from '#features/exchange/queries/relay.ts'
import { unitsInForce } from '#features/lookup-tables/queries.ts'
import { agencies } from '#features/ratings/queries/rating.ts'
import { STAFF_ROLES } from '#lib/access/roles.ts'

/** Renders the fields for a role, and for the unit, agency or carrier that it needs. */
export async function PostFields() {
  const [t, locale, units, rated, carriers] = await Promise.all([
    getTranslations('admin'),
    getLocale(),
    unitsInForce(),
    agencies(new Date()),
    carrierNames(),
  ])
  const named = ({ id, nameVi, nameEn }: { id: string; nameVi: string; nameEn: string }) => ({
    value: id,
    label: locale === 'en' ? nameEn : nameVi,
  })
  return (
    <>
      <Select
        name="role"
        label={t('accounts.role')}
        options={STAFF_ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      />
      <Select
        name="unitId"
        label={t('accounts.area')}
        hint={t('accounts.area_hint')}
        placeholder={t('accounts.no_area')}
        options={units.map(named)}
      />
      <Select
        name="agencyId"
        label={t('accounts.agency')}
        hint={t('accounts.agency_hint')}
        placeholder={t('accounts.no_agency')}
        options={rated.map(named)}
      />
      <Select
        name="carrierId"
        label={t('accounts.carrier')}
        hint={t('accounts.carrier_hint')}
        placeholder={t('accounts.no_carrier')}
        options={carriers.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </>
  )
}
