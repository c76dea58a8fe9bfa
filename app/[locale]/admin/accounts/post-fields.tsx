import { getLocale, getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { allUnits, policeAreas } from '#features/areas/data.ts'
import { areaOptions } from '#features/areas/rules.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import { STAFF_ROLES } from '#lib/access/roles.ts'

export async function PostFields({ unitId = null }: { readonly unitId?: string | null } = {}) {
  const [t, locale, areas, known, rated, carriers] = await Promise.all([
    getTranslations('admin'),
    getLocale(),
    policeAreas(),
    allUnits(),
    listAgencies(new Date()),
    carrierNames(),
  ])
  const named = ({ id, nameVi, nameEn }: { id: string; nameVi: string; nameEn: string }) => ({
    value: id,
    label: locale === 'en' ? nameEn : nameVi,
  })
  // A person keeps a unit of an edition no longer in force until another is chosen.
  const ended = known.filter(({ id, inForce }) => id === unitId && !inForce)
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
        options={[...ended.map(named), ...areaOptions(areas, locale)]}
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
