import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import { parseCaseSecret } from '#features/cases/unlock/rules.ts'
import { findRegistrant } from '#features/phones/registrants/data.ts'
import { MOST_CONTACTS } from '#features/phones/registrants/rules.ts'
import { phonesOf } from '#features/phones/registrations/data.ts'
import { PhoneCard } from '#features/phones/registrations/phone-card.tsx'
import { trustedBy } from '#features/phones/trusted/data.ts'
import { TrustedPeople } from '#features/phones/trusted/trusted-people.tsx'
import { DevicesCard } from '#features/push/devices-card.tsx'
import { ResumeByContact } from '#features/reporting/drafts/resume-by-contact.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { devicesHere } from '#http/own-device.ts'
import { arePersonsTrusted, arePhonesRegistered, openedPhones } from '#http/phones.ts'
import { resuming } from '#http/resume.ts'
import { hasRehearsal, reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'
import {
  askTrustedAction,
  beginPhoneAction,
  chooseDeviceAction,
  confirmTrustedAction,
  dropContactAction,
  endTrustedAction,
  forgetPhonesAction,
  keepPhoneAction,
  leavePhonesAction,
  openPhonesAction,
  removePhoneAction,
  reportPhoneAction,
  secondContactAction,
  stopDevicesAction,
  undoReportAction,
} from './actions.ts'

export const access = 'anybody' satisfies Access

const DONE = [
  ...(['kept', 'removed', 'added', 'dropped', 'accepted'] as const),
  ...(['trusted_asked', 'trusted_confirmed', 'trusted_ended', 'undone'] as const),
]
const LEFT = ['ended', 'forgotten'] as const

export const generateMetadata = titled('phones', 'title', { robots: { index: false } })

export default async function MyPhonesPage({ searchParams }: PageProps<'/[locale]/my-phones'>) {
  if (!arePhonesRegistered()) notFoundPage(await getLocale())
  const now = new Date()
  const [t, query, scope] = await Promise.all([getTranslations('phones'), searchParams, openedPhones(now)])
  const said = [...DONE, ...(scope === null ? LEFT : [])].find((one) => one === query.done)
  const notice =
    said === undefined ? null : (
      <div role="status">
        <Notice tone={said === 'ended' ? 'wait' : 'ok'} title={t(`done.${said}`)} />
      </div>
    )
  if (scope !== null)
    return (
      <div className="stack-l">
        <PageHeader title={t('title')} lead={t('lead')}>
          <ActionForm action={leavePhonesAction} scope="leave" className="">
            <SubmitButton look="quiet" size="small">
              {t('leave')}
            </SubmitButton>
          </ActionForm>
        </PageHeader>
        {notice}
        <List scope={scope} now={now} />
      </div>
    )
  const kept = query.other === undefined ? await resuming('phones', now) : null
  const certificate = parseCaseSecret(String(query.for ?? ''))
  const phones = reachesPhones()
  return (
    <div className="stack-l max-w-measure">
      {notice}
      <ResumeByContact
        action={openPhonesAction}
        contact={kept?.contact ?? null}
        phones={phones}
        page="/my-phones"
        title={t('title')}
        lead={`${t('lead')} ${t(phones ? 'door.lead' : 'door.leadMail')}`}
        words={{ hint: t('door.hint'), send: t('door.send') }}
        sent={(contact) => t('door.sent', { contact })}
        open={t('door.open')}
        {...(certificate.ok && {
          hidden: <HiddenField name="certificate" value={certificate.value} />,
        })}
      />
      {arePersonsTrusted() ? (
        <p>{t.rich('door.helping', { link: (text) => <Link href="/report-for">{text}</Link> })}</p>
      ) : null}
    </div>
  )
}

async function List({ scope, now }: { readonly scope: PhonesScope; readonly now: Date }) {
  const [t, phones] = await Promise.all([getTranslations('phones'), phonesOf(scope)])
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <section className="stack-l" aria-labelledby="list">
        <h2 id="list" className="sr-only">
          {t('list')}
        </h2>
        {phones.length === 0 ? (
          <Notice tone="info" title={t('none')}>
            <p>{t('noneText')}</p>
          </Notice>
        ) : null}
        <ul className="grid list-none gap-5 md:grid-cols-2">
          {phones.map((phone) => (
            <li key={phone.id} className="max-w-none">
              <PhoneCard
                phone={phone}
                now={now}
                report={reportPhoneAction}
                keep={keepPhoneAction}
                remove={removePhoneAction}
                undo={undoReportAction}
              />
            </li>
          ))}
        </ul>
        <ActionForm action={beginPhoneAction} scope="add" className="stack">
          {phones.length === 0 ? null : <p className="text-soft">{t('addText')}</p>}
          <p>
            <SubmitButton look={phones.length === 0 ? 'primary' : 'quiet'}>{t('add')}</SubmitButton>
          </p>
        </ActionForm>
      </section>
      <aside className="stack-l">
        {arePersonsTrusted() ? (
          <TrustedPeople
            people={await trustedBy(scope)}
            ask={askTrustedAction}
            confirm={confirmTrustedAction}
            end={endTrustedAction}
          />
        ) : null}
        <DevicesCard
          {...(await devicesHere(scope, true))}
          number={null}
          choose={chooseDeviceAction}
          stop={stopDevicesAction}
          now={now}
        />
        {hasRehearsal() ? (
          <section className="stack">
            <h2>{t('rehearse.title')}</h2>
            <p>
              <Link href="/rehearsal">{t('rehearse.link')}</Link>
              <br />
              <span className="text-sm text-soft">{t('rehearse.text')}</span>
            </p>
          </section>
        ) : null}
        <Contacts scope={scope} now={now} />
        <section className="stack">
          <h2>{t('own.title')}</h2>
          <p className="text-sm text-soft">{t('own.text')}</p>
          <p>
            <a
              className="button"
              data-look="quiet"
              data-size="small"
              href="/api/my-phones/data"
              rel="nofollow"
            >
              {t('own.take')}
            </a>
          </p>
          <Details summary={t('own.forget')}>
            <p>{t('own.forgetText')}</p>
            <ActionForm action={forgetPhonesAction} scope="forget" className="">
              <SubmitButton look="danger" size="small">
                {t('own.forgetDo')}
              </SubmitButton>
            </ActionForm>
          </Details>
        </section>
      </aside>
    </div>
  )
}

/** Shows the contacts that open the list, and adds a second one in case the first is lost with the phone. */
async function Contacts({ scope, now }: { readonly scope: PhonesScope; readonly now: Date }) {
  const [t, registrant, asked] = await Promise.all([
    getTranslations('phones.contacts'),
    findRegistrant(scope.registrantId),
    resuming('phones_contact', now),
  ])
  if (registrant === null) return null
  const { contacts } = registrant
  const waits = asked?.caseId === scope.registrantId && contacts.length < MOST_CONTACTS ? asked.contact : null
  return (
    <section className="stack" id="contacts">
      <h2>{t('title')}</h2>
      <ul className="stack">
        {contacts.map((contact) => (
          <li key={contact.value} className="wrap-anywhere">
            {writeContact(contact)}
            {contacts.length < 2 ? null : (
              <ActionForm action={dropContactAction} scope={`drop-${contact.kind}`} className="">
                <HiddenField name="contact" value={contact.value} />
                <SubmitButton look="plain">{t('drop', { contact: writeContact(contact) })}</SubmitButton>
              </ActionForm>
            )}
          </li>
        ))}
      </ul>
      {contacts.length >= MOST_CONTACTS ? null : (
        <>
          <p className="text-sm text-soft">{t('text')}</p>
          {waits === null ? null : (
            <ActionForm action={secondContactAction} scope="second" className="stack">
              <Field name="contactCode" label={t('code', { contact: writeContact(waits) })} type="code" />
              <SubmitButton size="small">{t('confirm')}</SubmitButton>
            </ActionForm>
          )}
          <ActionForm action={secondContactAction} scope="contact" className="stack">
            <Field name="newContact" label={t('new')} />
            <p>
              <SubmitButton look="quiet" size="small">
                {t('send')}
              </SubmitButton>
            </p>
          </ActionForm>
        </>
      )}
    </section>
  )
}
