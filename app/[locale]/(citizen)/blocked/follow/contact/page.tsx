import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { listObjectionsOf } from '#features/disputes/drafts/data.ts'
import { ResumeByContact } from '#features/reporting/drafts/resume-by-contact.tsx'
import { StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { resuming } from '#http/resume.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { chooseObjectionAction, followContactAction } from '../actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('objection.contact', 'title')

/** Finds the objections of a person who has lost number and secret. Asks for the contact, its code, and then which objection. */
export default async function ObjectionContactPage({
  searchParams,
}: PageProps<'/[locale]/blocked/follow/contact'>) {
  const now = new Date()
  const [t, kept, { other }] = await Promise.all([
    getTranslations('objection.contact'),
    resuming('objection', now),
    searchParams,
  ])
  const asked = other === undefined ? kept : null
  const phones = reachesPhones()
  if (asked?.proven)
    return (
      <KeptObjections
        action={chooseObjectionAction}
        objections={await listObjectionsOf(asked.contact, now)}
      />
    )
  return (
    <div className="stack-l max-w-measure">
      <ResumeByContact
        action={followContactAction}
        contact={asked?.contact ?? null}
        phones={phones}
        page="/blocked/follow/contact"
        title={t('title')}
        lead={t(phones ? 'lead' : 'leadMail')}
        words={{ hint: t('hint'), send: t('send') }}
        sent={(contact) => t('sentTitle', { contact })}
        open={t('open')}
      />
      <p className="text-soft">
        {t.rich('notHere', { follow: (words) => <Link href="/blocked/follow">{words}</Link> })}
      </p>
    </div>
  )
}

async function KeptObjections({
  action,
  objections,
}: {
  readonly action: FormAction
  readonly objections: readonly {
    readonly number: string
    readonly imei: string
    readonly createdAt: Instant
    readonly sentAt: Instant | null
    readonly dueAt: Instant
  }[]
}) {
  const [t, locale] = await Promise.all([getTranslations('objection.contact'), getLocale()])
  const moment = (at: Instant) => formatInstant(locale, at, 'moment')
  if (objections.length === 0)
    return (
      <div className="stack max-w-measure">
        <StepHeading title={t('noneLeft')} />
        <p>
          <ButtonLink href="/blocked/object">{t('startNew')}</ButtonLink>
        </p>
      </div>
    )
  return (
    <div className="stack-l max-w-measure">
      <StepHeading title={t('choose', { count: objections.length })}>
        <p>{t('chooseLead')}</p>
      </StepHeading>
      {objections.map(({ number, imei, createdAt, sentAt, dueAt }) => (
        <Card key={number}>
          <ActionForm action={action} scope={number} className="stack">
            <div>
              <h2 className="text-lg">
                <span className="num">{number}</span>, {t('imeiEnd', { end: imei.slice(-4) })}
              </h2>
              <p className="text-soft">
                {sentAt === null
                  ? t('begun', { at: moment(createdAt), until: moment(dueAt) })
                  : t('sentAt', { at: moment(sentAt) })}
              </p>
            </div>
            <HiddenField name="objectionNumber" value={number} />
            <p>
              <SubmitButton look="quiet">{t(sentAt === null ? 'goOn' : 'see')}</SubmitButton>
            </p>
          </ActionForm>
        </Card>
      ))}
    </div>
  )
}
