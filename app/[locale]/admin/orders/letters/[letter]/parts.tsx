import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox, Select } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { LetterLine } from '#features/exchange/letters/data.ts'
import { HANDOVERS } from '#features/exchange/letters/rules.ts'
import { ENTRY_OUTCOMES, REJECTION_CODES } from '#features/exchange/orders/rules.ts'
import { writeDay } from '#lib/written-day.ts'
import { answerLetterAction, handOverAction, receiveLetterAction } from '../actions.ts'

const today = () => writeDay(new Date())

/** Renders a field for a typed day: a browser's date field uses the browser's own order of day and month. */
async function DayField({ name, label }: { readonly name: string; readonly label: string }) {
  const t = await getTranslations('letters')
  return <Field name={name} label={label} hint={t('day_hint')} inputMode="numeric" width="short" />
}

export async function HandOverPart({
  letterId,
  isVoid,
}: {
  readonly letterId: string
  /** True if its lines may have reached the carrier in another way. */
  readonly isVoid: boolean
}) {
  const t = await getTranslations('letters')
  return (
    <Card>
      <h2>{t('hand_title')}</h2>
      <p>{t('hand_text')}</p>
      <ActionForm action={handOverAction} scope="hand" className="stack" initial={{ handedOn: today() }}>
        <HiddenField name="letterId" value={letterId} />
        <DayField name="handedOn" label={t('handed_on')} />
        <Select
          name="handedBy"
          label={t('handed_by')}
          placeholder=""
          options={HANDOVERS.map((value) => ({ value, label: t(`ways.${value}`) }))}
        />
        {isVoid ? <Checkbox name="handedMeant" value="yes" label={t('handed_meant')} /> : null}
        <SubmitButton look={isVoid ? 'quiet' : 'primary'}>{t('hand')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

export async function ReceivePart({ letterId }: { readonly letterId: string }) {
  const t = await getTranslations('letters')
  return (
    <Card>
      <h2>{t('receive_title')}</h2>
      <p>{t('receive_text')}</p>
      <ActionForm
        action={receiveLetterAction}
        scope="receive"
        className="stack"
        initial={{ receivedOn: today() }}
      >
        <HiddenField name="letterId" value={letterId} />
        <DayField name="receivedOn" label={t('received_on')} />
        <Field name="receivedAs" label={t('received_as')} width="medium" optional />
        <SubmitButton look="quiet">{t('receive')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

/** Renders the form that records a carrier's answer, line by line or for all remaining lines at once. */
export async function RecordAnswer({
  letterId,
  lines,
  corrects = false,
}: {
  readonly letterId: string
  readonly lines: readonly LetterLine[]
  /** True when all lines are answered and these were not done. */
  readonly corrects?: boolean
}) {
  const [t, of] = await Promise.all([getTranslations('letters'), getTranslations('exchange')])
  const open = lines.filter(({ outcome }) => outcome === null)
  const group = (label: string, some: readonly LetterLine[]) => ({
    label,
    options: some.map(({ seq, imei }) => ({
      value: String(seq),
      label: t('line_name', { seq: String(seq), imei }),
    })),
  })
  const all = { value: 'all', label: t('line_all', { count: open.length }) }
  const groups = [
    group(t('line_open'), open),
    group(
      t('line_done'),
      lines.filter(({ outcome }) => outcome !== null),
    ),
  ].filter(({ options }) => options.length > 0)
  return (
    <Card>
      <h2>{t(corrects ? 'correct_title' : 'answer_title')}</h2>
      <p>{t(corrects ? 'correct_text' : 'answer_text')}</p>
      <ActionForm
        action={answerLetterAction}
        scope="answer"
        className="stack"
        initial={{ answeredOn: today(), letterLine: open.length > 0 ? 'all' : '' }}
      >
        <HiddenField name="letterId" value={letterId} />
        <Select
          name="letterLine"
          label={t('line')}
          options={[open.length > 0 ? all : { value: '', label: '' }, ...groups]}
        />
        <Select
          name="letterOutcome"
          label={t('outcome')}
          placeholder=""
          options={ENTRY_OUTCOMES.map((value) => ({ value, label: of(`outcome.${value}`) }))}
        />
        <Select
          name="rejectionCode"
          label={t('code')}
          hint={t('code_hint')}
          placeholder={t('code_none')}
          options={REJECTION_CODES.map((value) => ({ value, label: t(`codes.${value}`) }))}
        />
        <DayField name="answeredOn" label={t('done_on')} />
        <SubmitButton look={open.length > 0 ? 'primary' : 'quiet'}>{t('answer')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}
