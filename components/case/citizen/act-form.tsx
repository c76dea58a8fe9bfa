import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EvidenceFields } from '#components/evidence/evidence-fields.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import type { FormState } from '#components/form/form-state.ts'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { ACTS_WITH_FILES, type CitizenAct, isDataAct } from '#domain/case/citizen-acts.ts'

export interface ActFormProps {
  readonly act: CitizenAct
  readonly number: string
  /** The version of the case that this page shows. */
  readonly version: number
  /** What was refused last time, and what had been typed. */
  readonly state: FormState | undefined
  /** An appeal that asks for the review of an unblock. */
  readonly review?: boolean
  /** In how many days an answer is due, of acts that are answered. */
  readonly days?: number
}

const LOOKS = {
  reply: 'primary',
  answer_objection: 'primary',
  appeal: 'primary',
  undo_withdraw: 'primary',
  undo_unblock: 'quiet',
  request_unblock: 'quiet',
  withdraw: 'danger',
  ask_correction: 'quiet',
  ask_erasure: 'danger',
  withdraw_consent: 'quiet',
} as const satisfies Record<CitizenAct, string>

const WORDLESS: readonly CitizenAct[] = ['undo_withdraw', 'undo_unblock', 'withdraw_consent']

/** One act of the citizen, in one post: what it does stands beside its button. */
export async function ActForm({ act, number, version, state, review = false, days = 0 }: ActFormProps) {
  const t = await getTranslations('case.act')
  const files = ACTS_WITH_FILES.includes(act) ? <EvidenceFields optional /> : null
  return (
    <PostForm
      action="/api/case/act"
      encoding="multipart"
      scope={act}
      className="stack"
      {...(state && { state })}
    >
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <p className="text-[0.92rem] text-soft">{t(`${review ? 'review' : act}.text`, { days })}</p>
      <Words
        act={act}
        label={
          act === 'reply' || WORDLESS.includes(act) ? t('message') : t(`${act}.message` as 'appeal.message')
        }
        refused={state !== undefined}
      >
        {files}
      </Words>
      <SubmitButton name="act" value={act} look={LOOKS[act]}>
        {t(`${review ? 'review' : act}.button`)}
      </SubmitButton>
    </PostForm>
  )
}

async function Words({
  act,
  label,
  refused,
  children,
}: {
  readonly act: CitizenAct
  readonly label: string
  /** What was typed is shown again, so nothing is folded away. */
  readonly refused: boolean
  readonly children: ReactNode
}) {
  if (WORDLESS.includes(act)) return null
  if (act === 'reply' || act === 'appeal' || act === 'answer_objection') {
    return (
      <>
        <TextArea name="message" label={label} optional={act === 'reply'} />
        {children}
      </>
    )
  }
  if (isDataAct(act))
    return <TextArea name="message" label={label} rows={3} optional={act === 'ask_erasure'} />
  if (act === 'withdraw') return <TextArea name="message" label={label} rows={2} optional />
  const t = await getTranslations('case.act')
  return (
    <Details summary={t('addMore')} open={refused}>
      <TextArea name="message" label={label} rows={3} optional />
      {children}
    </Details>
  )
}
