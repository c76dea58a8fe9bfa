import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { policeAreas } from '#features/areas/data.ts'
import { ListedWhenSent } from '#features/citizens/sign-in-offers.tsx'
import { readProtections } from '#features/first-hour/rules.ts'
import { Secured } from '#features/first-hour/secured.tsx'
import { retention } from '#features/privacy/data.ts'
import { draftView } from '#features/reporting/drafts/page-data.ts'
import { TextFields } from '#features/reporting/fields/text-fields.tsx'
import { Intro } from '#features/reporting/start/intro.tsx'
import { IncidentFields } from '#features/reporting/steps/incident-fields.tsx'
import { shownIncident } from '#features/reporting/steps/incident-rules.ts'
import { MendStep } from '#features/reporting/steps/mend-step.tsx'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import { StepButtons, StepHeading } from '#features/reporting/steps/step-parts.tsx'
import { wordsFor } from '#http/action.ts'
import { draftCookie } from '#http/draft.ts'
import { currentReader } from '#http/identity.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { incidentAction } from './actions.ts'
import { cameFrom } from './step.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('report', 'title')

/** Renders the first step, which is also the entrance: nothing is stored before it is answered. */
export default async function IncidentPage({ searchParams }: PageProps<'/[locale]/report'>) {
  const now = new Date()
  const [t, areas, draft, reader] = await Promise.all([
    getTranslations('report'),
    policeAreas(),
    draftCookie().then((cookie) => draftView(cookie, now)),
    currentReader(),
  ])
  const [from, errors] = await Promise.all([cameFrom(searchParams), wordsFor(draft?.faults.incident ?? {})])
  const locked = readProtections((await searchParams).secured ?? draft?.answers.secured)
  const isBegun = Object.values(draft?.answers ?? {}).some((text) => text !== '')
  return (
    <StepFrame
      step="incident"
      draft={draft}
      before={
        draft === null && (await searchParams).fault === 'no_draft' ? (
          <NoDraft days={retention().draftDays} />
        ) : null
      }
      after={draft === null ? <Intro signInWith={reader && !reader.signedIn ? reader.name : null} /> : null}
    >
      <ActionForm
        action={incidentAction}
        initial={{ ...shownIncident(draft?.answers ?? {}, now) }}
        errors={errors}
      >
        {isBegun && from === undefined ? (
          <Notice tone="info">
            <p>{t('intro.running')}</p>
          </Notice>
        ) : null}
        {reader?.signedIn && !draft?.filedAtDesk ? <ListedWhenSent name={reader.name} /> : null}
        <StepHeading title={t('incident.title')} />
        <Secured secured={locked} />
        <HiddenField name="secured" value={locked.join(' ')} />
        <IncidentFields areas={areas} />
        <MendStep step="incident" />
        {draft?.filedAtDesk ? <TextFields step="incident" /> : null}
        <StepButtons from={from} back={false} />
      </ActionForm>
    </StepFrame>
  )
}

/**
 * Tells a person whose browser has no draft, or none any more, that nothing was kept or sent, and how to return to it. `days`:
 * how long a draft is kept. It does not mention a report that was sent before; another page covers that.
 */
async function NoDraft({ days }: { readonly days: number }) {
  const t = await getTranslations('report')
  return (
    <div role="alert" data-no-draft>
      <Notice tone="bad" title={t('noDraft.title')}>
        <p>{t('noDraft.text', { days, leave: t('leave') })}</p>
        <p>
          {t.rich('noDraft.back', {
            resume: (words) => <Link href="/track/find">{words}</Link>,
            track: (words) => <Link href="/track">{words}</Link>,
          })}
        </p>
      </Notice>
    </div>
  )
}
