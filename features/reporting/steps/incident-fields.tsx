import { getLocale, getTranslations } from 'next-intl/server'
import { CITY } from '#cities/city.ts'
import { Radios } from '#components/form/choices.tsx'
import { AreaSelect } from '#features/areas/area-select.tsx'
import type { policeAreas } from '#features/areas/data.ts'
import { soughtNames } from '#features/areas/finder-rules.ts'
import { areaOptions, areWards } from '#features/areas/rules.ts'
import { INCIDENT_TYPES } from '#features/cases/submission/incident-rules.ts'
import { WhenFields } from './when-fields.tsx'
import { INCIDENT_WHENS } from './when-rules.ts'

export async function IncidentFields({
  areas,
  row = false,
}: {
  readonly areas: Awaited<ReturnType<typeof policeAreas>>
  readonly row?: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('report.incident'), getLocale()])
  return (
    <>
      <Radios
        name="incidentType"
        label={t('type')}
        options={INCIDENT_TYPES.map((value) => ({ value, label: t(value) }))}
        row={row}
      />
      <WhenFields
        label={t('when')}
        options={INCIDENT_WHENS.map((value) => ({ value, label: t(value) }))}
        time={t('time')}
        at={t('at')}
        atHint={t('atHint')}
      />
      <AreaSelect
        name="district"
        label={t(areWards(areas) ? 'ward' : 'district')}
        placeholder={t('districtChoose')}
        options={areaOptions(areas, locale)}
        names={soughtNames(areas)}
        city={CITY.also}
        words={{
          search: t('areaSearch'),
          hint: t(areWards(areas) ? 'areaSearchHint' : 'districtSearchHint', {
            search: CITY.hints.search[locale],
          }),
          left: t.raw('areaLeft'),
          chosen: t.raw('areaChosen'),
          none: t('areaNone'),
        }}
      />
    </>
  )
}
