import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

export interface ListingRowProps {
  readonly number: string
  /** The list that has the case; null where none has it and the reader has a list. */
  readonly listing: { readonly own: boolean; readonly addedAt: Instant } | null
  readonly takeOff: FormAction
}

/** Shows in one line whose list has the case; opened, it removes it: a person with the secret always can. */
export async function ListingRow({ number, listing, takeOff }: ListingRowProps) {
  const [t, mine, locale] = await Promise.all([
    getTranslations('identity.case'),
    getTranslations('identity'),
    getLocale(),
  ])
  const date = listing && formatInstant(locale, listing.addedAt, 'date')
  return (
    <div data-listed={listing === null ? 'nobody' : listing.own ? 'own' : 'other'}>
      <Details summary={mine('title')} look="row">
        {listing === null || date === null ? (
          <p>
            <Link href={{ pathname: '/track/mine', query: { number } }}>{t('add')}</Link>
          </p>
        ) : (
          <>
            <p className="text-sm">
              {t(listing.own ? 'own' : 'other', { date })}{' '}
              {listing.own ? <Link href="/track/mine">{mine('offer.mine')}</Link> : null}
            </p>
            <p className="text-sm">{t('takeOffText')}</p>
            <ActionForm action={takeOff} scope="take-off" className="stack">
              <HiddenField name="caseNumber" value={number} />
              <p className="actions">
                <SubmitButton look="danger" size="small">
                  {t('takeOffDo')}
                </SubmitButton>
              </p>
            </ActionForm>
          </>
        )}
      </Details>
    </div>
  )
}
