import { getTranslations } from 'next-intl/server'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { EvidenceFields } from '#features/evidence/files/evidence-fields.tsx'
import { HOLDER_KINDS } from '#features/evidence/files/rules.ts'
import type { FormState } from '#lib/form-state.ts'
import { HOLDER_ACTS_WITH_FILES, type HolderAct } from './moves-rules.ts'

interface HolderActProps {
  readonly act: HolderAct
  readonly number: string
  readonly version: number
  readonly state: FormState | undefined
}

/** Renders one act of the holder as a card; withdrawing is folded. */
export async function HolderActCard(props: HolderActProps) {
  const t = await getTranslations('objection.act')
  const { act } = props
  if (act === 'withdraw') {
    return (
      <Card>
        <Details summary={t('withdraw.title')} look="row" open={props.state !== undefined}>
          <HolderActForm {...props} />
        </Details>
      </Card>
    )
  }
  return (
    <Card>
      <h2 className="text-lg md:text-xl">{t(`${act}.title`)}</h2>
      <HolderActForm {...props} />
    </Card>
  )
}

async function HolderActForm({ act, number, version, state }: HolderActProps) {
  const t = await getTranslations('objection.act')
  return (
    <PostForm
      action="/api/objection/act"
      encoding="multipart"
      scope={act}
      className="stack"
      {...(state && { state })}
    >
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <p className="text-sm text-soft">{t(`${act}.text`)}</p>
      <TextArea
        name="message"
        label={t(`${act}.message`)}
        rows={act === 'withdraw' ? 2 : 4}
        optional={act === 'reply' || act === 'withdraw'}
      />
      {HOLDER_ACTS_WITH_FILES.includes(act) ? (
        <EvidenceFields optional kinds={HOLDER_KINDS.toReversed()} />
      ) : null}
      <SubmitButton name="act" value={act} look={act === 'withdraw' ? 'danger' : 'primary'}>
        {t(`${act}.button`)}
      </SubmitButton>
    </PostForm>
  )
}
