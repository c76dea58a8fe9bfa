import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { watchesOf } from '#features/check/watches/data.ts'
import { reachesPhones } from '#http/settings.ts'
import { watching } from '#http/watch.ts'
import type { Access } from '#lib/access/access.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { suggestEmail } from '#lib/person/mail-domain.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { askWatchAction, confirmWatchAction, endWatchAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('check.watch', 'title', { robots: { index: false } })

/**
 * Asks for a contact to notify when the answer about a phone changes, and for the code sent to it. Then shows all data kept of
 * the contact. Without a phone, the page lets people see that data and end their watches.
 */
export default async function WatchPage() {
  const now = new Date()
  const [t, kept] = await Promise.all([getTranslations('check.watch'), watching(now)])
  const imeis = kept?.imeis ?? []
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t(imeis.length === 0 ? 'leadNone' : 'lead')} />
      {imeis.length === 0 ? null : (
        <ul className="list-none">
          {imeis.map((imei) => (
            <li key={imei} className="num font-tabular text-xl font-semibold">
              {formatImei(imei)}
            </li>
          ))}
        </ul>
      )}
      {kept?.asked === undefined ? (
        <AskContact />
      ) : kept.proven ? (
        <Kept contact={kept.asked.contact} now={now} />
      ) : (
        <AskCode contact={kept.asked.contact} watches={imeis.length > 0} />
      )}
      <p>
        <ButtonLink href="/check" look="quiet">
          {t('check')}
        </ButtonLink>
      </p>
    </div>
  )
}

async function AskContact() {
  const t = await getTranslations('check.watch')
  const phones = reachesPhones()
  return (
    <ActionForm action={askWatchAction} key="contact" className="stack">
      <Field
        name="contact"
        label={t(phones ? 'contact' : 'contactMail')}
        autoComplete="email"
        width="medium"
      />
      <p className="text-sm text-soft">{t('kept')}</p>
      <p className="actions">
        <SubmitButton>{t('send')}</SubmitButton>
      </p>
    </ActionForm>
  )
}

async function AskCode({ contact, watches }: { readonly contact: Contact; readonly watches: boolean }) {
  const t = await getTranslations('check.watch')
  // A mistyped address gets no code, and nothing else would tell the person.
  const meant = contact.kind === 'email' ? suggestEmail(contact.value) : null
  return (
    <ActionForm action={confirmWatchAction} key="code" className="stack">
      <Notice tone="info" title={t('sent', { contact: writeContact(contact) })}>
        <p>{t('sentText')}</p>
        {meant === null ? null : <p>{t('meant', { meant })}</p>}
      </Notice>
      <Field name="contactCode" label={t('code')} type="code" />
      <p className="actions">
        <SubmitButton>{t(watches ? 'start' : 'see')}</SubmitButton>
        <SubmitButton name="step" value="another" look="plain">
          {t('another')}
        </SubmitButton>
      </p>
    </ActionForm>
  )
}

async function Kept({ contact, now }: { readonly contact: Contact; readonly now: Date }) {
  const [t, locale, watches] = await Promise.all([
    getTranslations('check.watch'),
    getLocale(),
    watchesOf(contact, now),
  ])
  if (watches.length === 0) return <p role="status">{t('none', { contact: writeContact(contact) })}</p>
  return (
    <section className="stack">
      <Notice tone="ok" title={t('tells', { contact: writeContact(contact) })}>
        <p>{t('tellsText')}</p>
      </Notice>
      {watches.map(({ id, imeis, reported, createdAt, expiresAt }) => (
        <Card key={id} data-watch={id}>
          <p className="num font-semibold">{imeis.map(formatImei).join(' · ')}</p>
          <p className="text-sm text-soft">
            {t(reported ? 'wasReported' : 'wasNotReported', {
              since: formatInstant(locale, createdAt, 'moment'),
              until: formatInstant(locale, expiresAt, 'moment'),
            })}
          </p>
          <ActionForm action={endWatchAction} scope={`end-${id}`} className="">
            <HiddenField name="watch" value={id} />
            <SubmitButton look="quiet" size="small">
              {t('end')}
            </SubmitButton>
          </ActionForm>
        </Card>
      ))}
      <p>
        <a href="/api/watch/data" download className="inline-flex items-center gap-2">
          <Icon name="download" />
          {t('data')}
        </a>
      </p>
    </section>
  )
}
