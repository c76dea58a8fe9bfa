import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { sayPhone } from '#lib/person/masking.ts'
import { CONTACT_FIELDS, type DutyContact, MAX_CONTACTS } from './rules.ts'

interface Contact extends DutyContact {
  readonly id: string
  readonly version: number
}

interface ContactsProps {
  readonly carrierId: string
  readonly contacts: readonly Contact[]
  readonly actions: Readonly<Record<'add' | 'change' | 'remove', FormAction>>
}

export async function Contacts({ carrierId, contacts, actions }: ContactsProps) {
  const t = await getTranslations('carrier-contacts')
  return (
    <Card id="contacts">
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      {contacts.length === 0 ? <p className="text-soft">{t('none')}</p> : null}
      <ul className="stack">
        {contacts.map((contact) => (
          <li key={contact.id} data-contact={contact.id} className="stack border-t border-line pt-4">
            <p className="wrap-anywhere">
              <strong>{contact.name}</strong>
              <br />
              <a href={`mailto:${contact.email}`}>{contact.email}</a>
              <br />
              <a className="num" href={`tel:${contact.phone}`}>
                {sayPhone(contact.phone)}
              </a>
            </p>
            <Change carrierId={carrierId} contact={contact} actions={actions} />
          </li>
        ))}
      </ul>
      {contacts.length >= MAX_CONTACTS ? (
        <p className="text-soft">{t('full', { count: MAX_CONTACTS })}</p>
      ) : (
        // A new key after each addition makes the next form start empty.
        <ActionForm key={contacts.length} action={actions.add} scope="contact" className="stack">
          <HiddenField name="carrierId" value={carrierId} />
          <FoldedFields summary={t('add')} names={CONTACT_FIELDS}>
            <ContactFields button={t('add_button')} />
          </FoldedFields>
        </ActionForm>
      )}
    </Card>
  )
}

async function ContactFields({ button }: { readonly button: string }) {
  const t = await getTranslations('carrier-contacts')
  return (
    <div className="stack">
      <Field name="contactName" label={t('name')} width="medium" />
      <Field name="contactEmail" label={t('email')} hint={t('email_hint')} type="email" width="medium" />
      <Field name="contactPhone" label={t('phone')} hint={t('phone_hint')} type="tel" width="medium" />
      <p className="actions">
        <SubmitButton look="quiet">{button}</SubmitButton>
      </p>
    </div>
  )
}

async function Change({
  carrierId,
  contact,
  actions,
}: Omit<ContactsProps, 'contacts'> & { readonly contact: Contact }) {
  const t = await getTranslations('carrier-contacts')
  const initial = {
    contactName: contact.name,
    contactEmail: contact.email,
    contactPhone: sayPhone(contact.phone),
  }
  const hidden = (
    <>
      <HiddenField name="carrierId" value={carrierId} />
      <HiddenField name="contactId" value={contact.id} />
    </>
  )
  return (
    <>
      <ActionForm
        key={contact.version}
        action={actions.change}
        initial={initial}
        scope={`contact-${contact.id}`}
        className="stack"
      >
        {hidden}
        <HiddenField name="version" value={String(contact.version)} />
        <FoldedFields summary={t('change', { name: contact.name })} names={CONTACT_FIELDS} stored>
          <ContactFields button={t('save')} />
        </FoldedFields>
      </ActionForm>
      <ActionForm action={actions.remove} scope={`contact-${contact.id}-remove`} className="stack">
        {hidden}
        <SubmitButton look="danger" size="small">
          {t('remove', { name: contact.name })}
        </SubmitButton>
      </ActionForm>
    </>
  )
}
