import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { QuestionSummary } from '#features/questionnaires/questions/question-editor.tsx'
import { askedTree } from '#features/questionnaires/questions/rules.ts'
import type { VersionPage } from '#features/questionnaires/versions/data.ts'
import { QuestionChanges } from '#features/questionnaires/versions/version-story.tsx'
import { addMilliseconds } from '#lib/time.ts'
import { retireAction, startDraftAction } from '../actions.ts'

export async function Published({
  version,
  mayManage,
}: {
  readonly version: VersionPage
  readonly mayManage: boolean
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-questions')])
  const reason = locale === 'vi' ? version.reasonVi : version.reasonEn
  const facts = {
    published: version.publishedAt && <Time at={version.publishedAt} form="date" />,
    retired: version.retiredAt && <Time at={version.retiredAt} form="date" />,
    trial: version.trialPercent && t('page.trialValue', { percent: version.trialPercent }),
    trialUntil: version.trialEndsAt && <Time at={addMilliseconds(version.trialEndsAt, -1)} form="date" />,
    adopted: version.adoptedAt && <Time at={version.adoptedAt} form="date" />,
    decision: locale === 'vi' ? version.decisionVi : version.decisionEn,
    basis: version.legalBasis,
    reason,
  }
  const rows = (
    ['published', 'retired', 'trial', 'trialUntil', 'adopted', 'decision', 'basis', 'reason'] as const
  ).flatMap((key) => (facts[key] ? [{ key, term: t(`page.${key}`), value: facts[key] }] : []))
  return (
    <>
      <SummaryList rows={rows} />
      {version.trialPercent === null ||
      version.state === 'scheduled' ||
      version.state === 'cancelled' ? null : (
        <p className="actions">
          <ButtonLink
            href={{
              pathname: '/admin/survey/questionnaires/[version]/trial',
              params: { version: String(version.version) },
            }}
            {...(!version.mayDecide && { look: 'quiet' })}
          >
            {t(version.mayDecide ? 'page.toDecision' : 'page.toTrial')}
          </ButtonLink>
        </p>
      )}
      {version.baseVersion === null ? null : (
        <section className="stack">
          <h2>{t('page.changes', { version: version.baseVersion })}</h2>
          <QuestionChanges changes={version.changes} languages={[locale]} />
        </section>
      )}
      <section className="stack">
        <h2>{t('page.questions')}</h2>
        <ol className="stack">
          {askedTree(version.questions)
            .flatMap(({ dependents, ...one }) => [one, ...dependents])
            .map((one) => (
              <li key={one.question.key} className="max-w-none border-b border-line pb-3 last:border-0">
                <QuestionSummary {...one} questions={version.questions} locale={locale} />
              </li>
            ))}
        </ol>
      </section>
      {mayManage ? <Acts version={version} /> : null}
    </>
  )
}

async function Acts({
  version: { version, state, mayBeBase, mayRetire },
}: {
  readonly version: VersionPage
}) {
  const t = await getTranslations('survey-questions')
  if (!mayBeBase && !mayRetire) return null
  return (
    <Card>
      {mayBeBase ? (
        <ActionForm action={startDraftAction} scope="draft" className="space-y-1.5">
          <HiddenField name="base" value={String(version)} />
          <SubmitButton look="quiet" size="small">
            {t('draft.title')}
          </SubmitButton>
        </ActionForm>
      ) : null}
      {mayBeBase ? (
        <ActionForm action={startDraftAction} scope="decree118" className="space-y-1.5">
          <HiddenField name="base" value={String(version)} />
          <HiddenField name="set" value="decree118" />
          <SubmitButton look="quiet" size="small">
            {t('draft.decree118')}
          </SubmitButton>
          <p className="text-sm text-soft">{t('draft.decree118Text')}</p>
        </ActionForm>
      ) : null}
      {mayRetire ? (
        <ActionForm action={retireAction} scope="retire" className="space-y-1.5">
          <HiddenField name="version" value={String(version)} />
          <SubmitButton look="danger" size="small">
            {t('page.retire')}
          </SubmitButton>
          <p className="text-sm text-soft">
            {t(state === 'scheduled' ? 'page.cancelText' : 'page.retireText')}
          </p>
        </ActionForm>
      ) : null}
    </Card>
  )
}
