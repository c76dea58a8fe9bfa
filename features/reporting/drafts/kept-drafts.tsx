import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { IncidentType } from '#features/cases/submission/incident-rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { StepHeading } from '../steps/step-parts.tsx'

export interface KeptDraft {
  readonly number: string
  readonly incidentType: IncidentType | null
  readonly startedAt: Instant
  readonly expiresAt: Instant
  readonly imeiEnd: string | null
}

export async function KeptDrafts({
  action,
  drafts,
}: {
  readonly action: FormAction
  readonly drafts: readonly KeptDraft[]
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
