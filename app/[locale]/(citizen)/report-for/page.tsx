import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { policeAreas } from '#features/areas/data.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { ownersFor } from '#features/phones/trusted/data.ts'
import { ResumeByContact } from '#features/reporting/drafts/resume-by-contact.tsx'
import { IncidentFields } from '#features/reporting/steps/incident-fields.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { arePersonsTrusted } from '#http/phones.ts'
import { resuming } from '#http/resume.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import {
  acceptTrustAction,
  enterHelpingAction,
  leaveHelpingAction,
  leaveTrustAction,
  reportForAction,
} from './actions.ts'

export const access = 'anybody' satisfies Access

const DONE = ['sent', 'kept', 'reported', 'accepted', 'left'] as const

export const generateMetadata = titled('phones.helping', 'title', { robots: { index: false } })

/** Admits a trusted person by their own contact and its code, and takes a report for an owner who has named them. */
export default async function ReportForPage({ searchParams }: PageProps<'/[locale]/report-for'>) {
  if (!arePersonsTrusted()) notFoundPage(await getLocale())
  const now = new Date()
  const [t, query, kept] = await Promise.all([
    getTranslations('phones.helping'),
    searchParams,
    resuming('helping', now),
  ])
  if (kept?.proven && query.other === undefined) {
    const said = DONE.find((one) => one === query.done)
    return (
      <div className="stack-l max-w-measure">
        {said === undefined ? null : (
          <div role="status" data-done={said}>
            <Notice tone={said === 'kept' ? 'wait' : 'ok'} title={t(`done.${said}`)} />
          </div>
        )}
        <Owners contact={kept.contact} chosen={String(query.for ?? '')} />
        <ActionForm action={leaveHelpingAction} scope="leave" className="">
          <SubmitButton look="quiet" size="small">
            {t('leave')}
          </SubmitButton>
        </ActionForm>
      </div>
    )
  }
  return (
    <div className="stack-l max-w-measure">
      <ResumeByContact
        action={enterHelpingAction}
        contact={query.other === undefined ? (kept?.contact ?? null) : null}
        phones={reachesPhones()}
        page="/report-for"
        title={t('title')}
        lead={t('lead')}
        words={{ hint: t('hint'), send: t('send') }}
        sent={(contact) => t('sent', { contact })}
        open={t('open')}
      />
    </div>
  )
}

type Owner = Awaited<ReturnType<typeof ownersFor>>[number]

async function Owners({ contact, chosen }: { readonly contact: Contact; readonly chosen: string }) {
  const [t, owners] = await Promise.all([getTranslations('phones.helping'), ownersFor(contact)])
  const confirmed = owners.filter((one) => one.confirmedAt !== null)
  const one = confirmed.length === 1 ? confirmed[0] : confirmed.find(({ id }) => id === chosen)
  return (
    <>
      {one ? (
        <HelpForm owner={one} />
      ) : (
        <section className="stack">
          <h1>{t(confirmed.length > 0 ? 'choose' : owners.length === 0 ? 'none' : 'title')}</h1>
          <ul className="stack empty:hidden">
            {confirmed.map(({ id, owner }) => (
              <li key={id}>
                <Link href={{ pathname: '/report-for', query: { for: id } }}>{owner}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {owners
        .filter(({ confirmedAt }) => confirmedAt === null)
        .map((owner) => (
          <Asked key={owner.id} owner={owner} />
        ))}
    </>
  )
}

async function Asked({ owner: { id, owner, acceptedAt } }: { readonly owner: Owner }) {
  const t = await getTranslations('phones.helping')
  return (
    <Card className="stack" data-asks={acceptedAt === null ? 'open' : 'accepted'}>
      <h2>{t('asks', { owner })}</h2>
      <p>{acceptedAt === null ? t('asksText', { owner }) : t('waits', { owner })}</p>
      <div className="actions">
        {acceptedAt !== null ? null : (
          <ActionForm action={acceptTrustAction} scope={`accept-${id}`} className="">
            <HiddenField name="trusted" value={id} />
            <SubmitButton>{t('accept')}</SubmitButton>
          </ActionForm>
        )}
        <ActionForm action={leaveTrustAction} scope={`leave-${id}`} className="">
          <HiddenField name="trusted" value={id} />
          <SubmitButton look="quiet">{acceptedAt === null ? t('refuse') : t('stop', { owner })}</SubmitButton>
        </ActionForm>
      </div>
    </Card>
  )
}

async function HelpForm({ owner: { id, owner, phones } }: { readonly owner: Owner }) {
  const t = await getTranslations('phones.helping')
  return (
    <>
      <div className="stack">
        <p className="text-soft">{t('kicker')}</p>
        <h1>{t('for', { owner })}</h1>
      </div>
      {phones.length === 0 ? (
        <Notice tone="info" title={t('noPhones', { owner })} />
      ) : (
        <ActionForm action={reportForAction} scope={`for-${id}`}>
          <HiddenField name="trusted" value={id} />
          <Radios
            name="phone"
            label={t('which')}
            options={phones.map((phone) => ({
              value: phone.id,
              label: [phone.name || t('unnamed'), phone.colour].filter((part) => part !== '').join(', '),
            }))}
          />
          <IncidentFields areas={await policeAreas()} row />
          <div className="stack">
            <p className="actions">
              <SubmitButton>{t('submit')}</SubmitButton>
            </p>
            <p className="text-sm text-soft">{t('submitHint')}</p>
          </div>
        </ActionForm>
      )}
      <section className="stack">
        <h2>{t('after')}</h2>
        <SummaryList
          rows={[
            { key: 'now', term: t('afterNow'), value: t('afterNowText', { owner }) },
            { key: 'day', term: t('afterDay'), value: t('afterDayText', { owner }) },
            { key: 'then', term: t('afterThen'), value: t('afterThenText') },
          ]}
        />
      </section>
      <Notice tone="bad">
        <p>{t.rich('danger', { call: (text) => <a href="tel:113">{text}</a> })}</p>
      </Notice>
      <Details summary={t('stop', { owner })}>
        <ActionForm action={leaveTrustAction} scope={`leave-${id}`} className="">
          <HiddenField name="trusted" value={id} />
          <SubmitButton look="danger" size="small">
            {t('stop', { owner })}
          </SubmitButton>
        </ActionForm>
      </Details>
    </>
  )
}
