import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { Suggestion } from '#features/questionnaires/suggestions/data.ts'
import { answersOpen } from '#features/questionnaires/suggestions/rules.ts'
import { listVersions } from '#features/questionnaires/versions/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { answerAction } from '../actions.ts'

export async function AnswerForm({
  staff,
  suggestion,
}: {
  readonly staff: StaffActor
  readonly suggestion: Suggestion
}) {
  const [t, v, all] = await Promise.all([
    getTranslations('survey-suggestions'),
    getTranslations('survey-questions'),
    listVersions(staff, new Date()),
  ])
  const { id, revision, state, outcomeVersion, outcomeOn, summaryVi, summaryEn, answerVi, answerEn } =
    suggestion
  const open = answersOpen(state)
  const initial = {
    state: open.find((one) => one === state) ?? '',
    outcomeVersion: String(outcomeVersion ?? ''),
    outcomeOn: outcomeOn?.toISOString().slice(0, 10) ?? '',
    summaryVi: summaryVi ?? '',
    summaryEn: summaryEn ?? '',
    answerVi: answerVi ?? '',
    answerEn: answerEn ?? '',
  }
  return (
    <section className="stack">
      <h2>{t('answer')}</h2>
      <p>{t('answerText')}</p>
      <ActionForm action={answerAction} scope="answer" initial={initial}>
        <HiddenField name="id" value={id} />
        <HiddenField name="revision" value={String(revision)} />
        <Radios
          name="state"
          label={t('state_label')}
          options={open.map((one) => ({ value: one, label: t(`does.${one}`) }))}
        />
        <TextArea name="summaryVi" label={t('summaryVi')} rows={2} />
        <TextArea name="summaryEn" label={t('summaryEn')} rows={2} optional />
        <TextArea name="answerVi" label={t('answerVi')} rows={3} />
        <TextArea name="answerEn" label={t('answerEn')} rows={3} optional />
        <Select
          name="outcomeVersion"
          label={t('outcome')}
          hint={t('outcomeHint')}
          placeholder={t('outcomeNone')}
          optional
          options={all
            .filter((one) => one.state !== 'cancelled' && one.version > suggestion.questionnaireVersion)
            .map((one) => ({
              value: String(one.version),
              label: `${v('version', { version: one.version })} · ${v(`state.${one.state}`, { percent: one.trialPercent ?? 0 })}`,
            }))}
        />
        <Field
          name="outcomeOn"
          type="date"
          label={t('outcomeOn')}
          hint={t('outcomeOnHint')}
          width="medium"
          optional
        />
        <p className="actions">
          <SubmitButton>{t('send')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}
