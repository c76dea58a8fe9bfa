import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Trusted } from './data.ts'
import { MOST_TRUSTED } from './rules.ts'

interface TrustedPeopleProps {
  readonly people: readonly Trusted[]
  readonly ask: FormAction
  readonly confirm: FormAction
  readonly end: FormAction
}

/** Shows the owner who may report for them; they can name, confirm and remove people. */
export async function TrustedPeople({ people, ask, confirm, end }: TrustedPeopleProps) {
  const [t, locale] = await Promise.all([getTranslations('phones.trusted'), getLocale()])
  const add = (
    <ActionForm action={ask} scope="trusted" className="stack">
      <Field name="trustedName" label={t('name')} />
      <Field name="trustedContact" label={t('contact')} />
      <Field name="trustedOwner" label={t('owner')} hint={t('ownerHint')} />
      <p>
        <SubmitButton look="quiet" size="small">
          {t('send')}
        </SubmitButton>
      </p>
    </ActionForm>
  )
  return (
    <section className="stack" id="trusted">
      <h2>{t('title')}</h2>
      <p className="text-sm text-soft">{t('text')}</p>
      <ul className="stack list-none">
        {people.map((person) => {
          const state = trustedState(person)
          const at = person.confirmedAt ?? person.acceptedAt ?? person.askedAt
          return (
            <li key={person.id} className="stack" data-trusted={state}>
              <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span>
                  <b className="wrap-anywhere">{person.name}</b>
                  <br />
                  <span className="text-sm text-soft">
                    {maskContact(person.contact)} · {t(state, { date: formatInstant(locale, at, 'date') })}
                  </span>
                </span>
                <ActionForm action={end} scope={`end-${person.id}`} className="">
                  <HiddenField name="trusted" value={person.id} />
                  <SubmitButton look="plain">
                    {t('end')}
                    <span className="sr-only"> {person.name}</span>
                  </SubmitButton>
                </ActionForm>
              </div>
              {state === 'accepted' ? (
                <ActionForm action={confirm} scope={`confirm-${person.id}`} className="stack">
                  <HiddenField name="trusted" value={person.id} />
                  <Checkbox
                    name="consentTrusted"
                    label={t('consent', { name: person.name })}
                    hint={t('consentHint')}
                  />
                  <p>
                    <SubmitButton size="small">{t('confirm', { name: person.name })}</SubmitButton>
                  </p>
                </ActionForm>
              ) : null}
            </li>
          )
        })}
      </ul>
      {people.length === 0 ? null : <p className="text-sm text-soft">{t('ready')}</p>}
      {people.length < MOST_TRUSTED ? (
        <Details summary={`${t('add')} · ${t('count', { count: people.length, most: MOST_TRUSTED })}`}>
          {add}
        </Details>
      ) : null}
    </section>
  )
}

const trustedState = ({
  acceptedAt,
  confirmedAt,
}: {
  readonly acceptedAt: Instant | null
  readonly confirmedAt: Instant | null
}) => (confirmedAt ? 'confirmed' : acceptedAt ? 'accepted' : 'asked')
