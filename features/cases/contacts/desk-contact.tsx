import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Contact, Particulars } from '../particulars/rules.ts'
import { closedAtDesk, waitingContact, writeContact } from './rules.ts'

/** Renders a row in which police add a contact for a person at the desk, or say why none can be added and what helps instead. */
export async function DeskContact({
  number,
  particulars,
  opened,
  asked,
  phones,
  now,
  ...actions
}: {
  readonly number: string
  readonly particulars: Particulars
  /** The reader has opened the case, so can compare the identity card with it. */
  readonly opened: boolean
  /** The contact to which this browser just sent a code; null before that. */
  readonly asked: Contact | null
  /** Codes can be sent to phones, not to e-mail alone. */
  readonly phones: boolean
  readonly now: Instant
  readonly ask: FormAction
  readonly confirm: FormAction
}) {
  const [t, citizen, locale] = await Promise.all([
    getTranslations('case-staff.desk_contact'),
    getTranslations('case.contacts'),
    getLocale(),
  ])
  const closed = closedAtDesk(particulars, now)
  const waiting = waitingContact(particulars, now)
  const hidden = <HiddenField name="number" value={number} />
  return (
    <Details summary={t('title')} look="row" open={asked !== null && opened}>
      {closed !== null ? (
        <p className="text-sm text-soft" data-desk-contact={closed}>
          {t(`closed.${closed as 'contact_first'}`, {
            at: waiting ? formatInstant(locale, new Date(waiting.inForceAt), 'moment') : '',
          })}
        </p>
      ) : !opened ? (
        <p className="text-sm text-soft" data-desk-contact="unseen">
          {t('unseen')}
        </p>
      ) : asked === null ? (
        <ActionForm action={actions.ask} scope="desk_contact" key="ask" className="stack">
          {hidden}
          <p className="text-sm text-soft">{t('text')}</p>
          <Field name="newContact" label={citizen(phones ? 'newContact' : 'newContactMail')} width="full" />
          {phones ? <Checkbox name="simReissued" label={t('simReissued')} /> : null}
          <p className="actions">
            <SubmitButton look="quiet">{citizen('send')}</SubmitButton>
          </p>
        </ActionForm>
      ) : (
        <ActionForm action={actions.confirm} scope="desk_contact" key="code" className="stack">
          {hidden}
          <Notice tone="info" title={citizen('sent', { contact: writeContact(asked) })}>
            <p>{t('sentText')}</p>
          </Notice>
          <Field name="contactCode" label={citizen('contactCode')} type="code" />
          <p className="actions">
            <SubmitButton look="quiet">{citizen('confirm')}</SubmitButton>
            <SubmitButton name="step" value="another" look="plain">
              {citizen('another')}
            </SubmitButton>
          </p>
        </ActionForm>
      )}
    </Details>
  )
}
