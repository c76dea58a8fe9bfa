import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Contact } from '../particulars/rules.ts'
import { type CaseContacts, writeContact } from './rules.ts'

export async function ContactWaits({
  number,
  contacts: { waiting },
  action,
}: {
  readonly number: string
  readonly contacts: CaseContacts
  readonly action: FormAction
}) {
  if (waiting === null) return null
  const [t, locale] = await Promise.all([getTranslations('case.contacts'), getLocale()])
  return (
    <Notice tone="wait" title={t('waitsTitle', { contact: waiting.contact ?? 'none' })}>
      <p>{t('waitsText', { at: formatInstant(locale, waiting.inForceAt, 'moment') })}</p>
      <ActionForm action={action} scope="keep_contacts" className="stack">
        <HiddenField name="caseNumber" value={number} />
        <p>
          <SubmitButton name="act" value="keep_contacts" look="quiet">
            {t('keep')}
          </SubmitButton>
        </p>
      </ActionForm>
    </Notice>
  )
}

/** Renders a row with the contacts of a case. Opened, it adds a contact or removes one of two. */
export async function ContactsRow({
  number,
  contacts: { inForce, waiting, kept },
  asked,
  phones,
  ...actions
}: {
  readonly number: string
  readonly contacts: CaseContacts
  /** The contact to which this browser just sent a code; null before that. */
  readonly asked: Contact | null
  readonly phones: boolean
  readonly ask: FormAction
  readonly confirm: FormAction
  readonly drop: FormAction
}) {
  const [t, locale] = await Promise.all([getTranslations('case.contacts'), getLocale()])
  const hidden = <HiddenField name="caseNumber" value={number} />
  const isFirst = inForce.length === 0
  const note = isFirst ? t('nobody') : t('to', { contacts: inForce.join(', ') })
  if (waiting === null && inForce.length <= 1 && !kept && asked === null)
    return (
      <ActionForm action={actions.ask} scope="new_contact" key="ask" className="">
        {hidden}
        <FoldedForm summary={t('title')} note={note}>
          <p className="text-sm text-soft" id="noi-nhan-tin">
            {t(isFirst ? 'firstText' : 'addText')}
          </p>
          <Field name="newContact" label={t(phones ? 'newContact' : 'newContactMail')} width="full" />
          {phones ? <Checkbox name="simReissued" label={t('simReissued')} /> : null}
          <SubmitButton look="quiet">{t('send')}</SubmitButton>
        </FoldedForm>
      </ActionForm>
    )
  return (
    <Details summary={t('title')} note={note} look="row" open={waiting === null && !kept}>
      {waiting !== null ? (
        <p className="text-sm">
          {t('waits', {
            contact: waiting.contact ?? '',
            at: formatInstant(locale, waiting.inForceAt, 'moment'),
          })}
        </p>
      ) : inForce.length > 1 ? (
        <>
          <p className="text-sm text-soft">{t('dropText')}</p>
          {inForce.map((contact, at) => {
            const which = at === 0 ? 'first' : 'second'
            return (
              <ActionForm key={which} action={actions.drop} scope={`drop_${which}`} className="stack">
                {hidden}
                <HiddenField name="contact" value={which} />
                <SubmitButton name="act" value="drop_contact" look="quiet">
                  {t('drop', { contact })}
                </SubmitButton>
              </ActionForm>
            )
          })}
        </>
      ) : kept || asked === null ? (
        <p className="text-sm text-soft">{t('kept')}</p>
      ) : (
        <ActionForm action={actions.confirm} scope="new_contact" key="code" className="stack">
          {hidden}
          <Notice tone="info" title={t('sent', { contact: writeContact(asked) })}>
            <p>{t('sentText')}</p>
          </Notice>
          <Field name="contactCode" label={t('contactCode')} type="code" />
          <p className="actions">
            <SubmitButton>{t('confirm')}</SubmitButton>
            <SubmitButton name="step" value="another" look="plain">
              {t('another')}
            </SubmitButton>
          </p>
        </ActionForm>
      )}
    </Details>
  )
}
