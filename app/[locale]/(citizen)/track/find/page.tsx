import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import type { IncidentType } from '#features/cases/submission/incident-rules.ts'
import { draftsOf } from '#features/reporting/drafts/page-data.ts'
import { ResumeByContact } from '#features/reporting/drafts/resume-by-contact.tsx'
import { StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { resuming } from '#http/resume.ts'
import { currentStaff } from '#http/session.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { chooseDraftAction, resumeAction } from '../../report/actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('report.resume', 'title')

/**
 * Finds a person's drafts and cases by their contact alone. Case numbers are sent to the contact; the code in the message opens a
 * draft here. If there are several, the person chooses one.
 */
export default async function FindPage({ searchParams }: PageProps<'/[locale]/track/find'>) {
  const now = new Date()
  const [t, kept, { other }] = await Promise.all([
    getTranslations('report.resume'),
    resuming('report', now),
    searchParams,
  ])
  const asked = other === undefined ? kept : null
  const phones = reachesPhones()
  return (
    <div className="stack-l max-w-measure">
      {asked?.proven ? (
        <KeptDrafts
          action={chooseDraftAction}
          drafts={await draftsOf(asked.contact, (await currentStaff())?.id ?? null, now)}
        />
      ) : (
        <>
          <ResumeByContact
            action={resumeAction}
            contact={asked?.contact ?? null}
            phones={phones}
            page="/track/find"
            title={t('title')}
            lead={t(phones ? 'lead' : 'leadMail')}
            sent={(contact) => t('sentTitle', { contact })}
            sentHint={t('sentFound')}
            open={t('open')}
          />
          <p className="text-soft">
            {t.rich('notHere', {
              track: (words) => <Link href="/track">{words}</Link>,
              follow: (words) => <Link href="/blocked/follow/contact">{words}</Link>,
            })}
          </p>
        </>
      )}
    </div>
  )
}

async function KeptDrafts({
  action,
  drafts,
}: {
  readonly action: FormAction
  readonly drafts: readonly {
    readonly number: string
    readonly incidentType: IncidentType | null
    readonly startedAt: Instant
    readonly expiresAt: Instant
    readonly imeiEnd: string | null
  }[]
}) {
  const [t, incident, locale] = await Promise.all([
    getTranslations('report.resume'),
    getTranslations('report.incident'),
    getLocale(),
  ])
  if (drafts.length === 0)
    return (
      <div className="stack">
        <StepHeading title={t('noneLeft')} />
        <p>
          <ButtonLink href="/report">{t('startNew')}</ButtonLink>
        </p>
      </div>
    )
  return (
    <div className="stack-l">
      <StepHeading title={t('several', { count: drafts.length })} />
      {drafts.map((draft) => (
        <Card key={draft.number}>
          <ActionForm action={action} scope={draft.number} className="stack">
            <div>
              <h2 className="text-lg">
                {draft.incidentType === null ? t('unnamed') : incident(draft.incidentType)}
                {draft.imeiEnd === null ? null : `, ${t('imeiEnd', { end: draft.imeiEnd })}`}
              </h2>
              <p className="text-soft">
                {t('begun', {
                  at: formatInstant(locale, draft.startedAt, 'moment'),
                  until: formatInstant(locale, draft.expiresAt, 'moment'),
                })}
              </p>
            </div>
            <HiddenField name="draftNumber" value={draft.number} />
            <p>
              <SubmitButton look="quiet">{t('open')}</SubmitButton>
            </p>
          </ActionForm>
        </Card>
      ))}
    </div>
  )
}
