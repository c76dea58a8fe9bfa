import { getTranslations } from 'next-intl/server'
import type { CorrectableField } from '#features/privacy/requests/correction-rules.ts'
import type { RowIn, TypedText } from '#features/reporting/fields/rules.ts'
import type { Locale } from './routing.ts'

interface Labelled {
  readonly form: TypedText
  readonly review: RowIn<'review'>
  readonly file: RowIn<'file'> | RowIn<'paper'>
  readonly correction: CorrectableField
}

/** The message keys of fields that have another name on a surface than `fields.FIELD`. */
const OTHERWISE = {
  form: { place: 'report.incident.place', story: 'report.incident.story' },
  review: { story: 'report.review.story', address: 'report.review.address' },
  file: { place: 'case-staff.facts.place', address: 'case-staff.facts.address' },
  correction: {
    fullName: 'case-data.requests.field.fullName',
    nationalId: 'case-data.requests.field.nationalId',
    address: 'case-data.requests.field.address',
    incidentAt: 'case-data.requests.field.incidentAt',
  },
} as const satisfies { readonly [S in keyof Labelled]: Partial<Record<Labelled[S], string>> }
type Otherwise = {
  readonly [S in keyof Labelled]: (typeof OTHERWISE)[S][keyof (typeof OTHERWISE)[S]]
}[keyof Labelled]

/** Returns the labels of a surface's fields; a field without words does not compile. */
export async function fieldLabels<S extends keyof Labelled>(
  surface: S,
  locale?: Locale,
): Promise<(name: Labelled[S]) => string> {
  const t = await getTranslations({ ...(locale && { locale }) } as { locale: Locale })
  const otherwise = OTHERWISE[surface] as Partial<Record<Labelled[S], Otherwise>>
  return (name) => {
    const key: Otherwise | `fields.${Labelled[keyof Labelled]}` = otherwise[name] ?? `fields.${name}`
    return t(key)
  }
}
