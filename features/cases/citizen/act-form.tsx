import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { ImeiTyping } from '#components/form/imei-typing.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { EvidenceFields } from '#features/evidence/files/evidence-fields.tsx'
import { ASKABLE } from '#features/privacy/requests/correction-rules.ts'
import { FIELDS, isNumber } from '#features/reporting/fields/rules.ts'
import type { FormState } from '#lib/form-state.ts'
import { askableLabels } from '#messages/said-correction.ts'
import type { CitizenForm as Form } from '../moves/spec-rules.ts'
import { type AddedFact, FACT_CARDS, isNumberFact } from './added-facts-rules.ts'
import { type CitizenAct, formOf } from './rules.ts'

export async function ActForm({
  act,
  number,
  version,
  state,
  variant = null,
  phones = [],
  missing = [],
  days = 0,
}: {
  readonly act: CitizenAct
  readonly number: string
  readonly version: number
  readonly state: FormState | undefined
  /** Selects other words for the form, by the state of the case. */
  readonly variant?: 'review' | 'reopen' | 'end_watch' | 'undo_end_watch' | null
  readonly phones?: readonly ReleasedPhone[]
  readonly missing?: readonly AddedFact[]
  /** The number of days within which an answer is due, for acts that get an answer. */
  readonly days?: number
}) {
  const t = await getTranslations('case.act')
  const form = formOf(act)
  const { asksForImei, asksForFacts, asksForCorrection }: Form = form
  const files = form.files ? <EvidenceFields optional /> : null
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
      <p className="text-sm text-soft">{t(`${variant ?? act}.text`, { days })}</p>
      {asksForCorrection ? <CorrectionFields /> : null}
      {asksForImei ? <ImeiFields phones={phones} both={asksForImei === 'both'} /> : null}
      {asksForFacts ? <FactFields missing={missing} /> : null}
      {form.message === null ? (
        files
      ) : (
        <Message field={form.message} label={t(form.message.label)} open={state !== undefined}>
          {files}
        </Message>
      )}
      <SubmitButton name="act" value={act} look={form.look}>
        {t(`${variant ?? act}.button`)}
      </SubmitButton>
    </PostForm>
  )
}

/** A phone that the reporter may choose: their number was in it, or a machine read its IMEI on their proof. */
export interface ReleasedPhone {
  readonly choice: string
  readonly name: string | null
  /** The last four digits. */
  readonly ending: string
  /** The carrier that named it; null for one that was read on the proof. */
  readonly carrierName: string | null
}

async function ImeiFields({
  phones,
  both,
}: {
  readonly phones: readonly ReleasedPhone[]
  readonly both: boolean
}) {
  const t = await getTranslations('case.act.give_imei')
  const imei = { inputMode: 'numeric', look: 'number', width: 'medium' } as const
  const named = phones.flatMap(({ carrierName }) => carrierName ?? [])
  const carriers = [...new Set(named)].join(', ')
  const from = named.length === 0 ? 'read' : named.length < phones.length ? 'either' : 'named'
  return (
    <>
      {phones.length === 0 ? null : (
        <Radios
          name="imeiChoice"
          label={t(from)}
          hint={t(`${from}Hint`, { carriers })}
          options={phones.map(({ choice, name, ending, carrierName }) => ({
            value: choice,
            label: name ?? t('unknownModel'),
            hint: [
              t('ending', { digits: ending }),
              ...(from === 'either' ? [carrierName ?? t('onProof')] : []),
            ].join(', '),
          }))}
        />
      )}
      <Field
        name="imei1"
        label={t('imei1')}
        {...imei}
        after={<ImeiTyping name="imei1" />}
        optional={phones.length > 0}
      />
      {both ? (
        <Field name="imei2" label={t('imei2')} {...imei} after={<ImeiTyping name="imei2" />} optional />
      ) : null}
    </>
  )
}

/**
 * Renders the fields of a correction: the wrong field and its right value. For fields that a granted request does not change, it
 * says who changes them.
 */
async function CorrectionFields() {
  const [t, fields] = await Promise.all([
    getTranslations('case.act.ask_correction'),
    getLocale().then(askableLabels),
  ])
  return (
    <>
      <Select
        name="correctField"
        label={t('field')}
        placeholder={t('field_none')}
        options={ASKABLE.map((field) => ({ value: field, label: fields(field) }))}
      />
      <TextArea name="correctValue" label={t('value')} hint={t('value_hint')} rows={2} />
      <p className="text-sm text-soft">{t('elsewhere')}</p>
    </>
  )
}

async function Message({
  field,
  label,
  open,
  children,
}: {
  readonly field: NonNullable<Form['message']>
  readonly label: string
  /** True when a refused form is shown again with its input, so that nothing is folded. */
  readonly open: boolean
  readonly children: ReactNode
}) {
  const t = await getTranslations('case.act')
  const fields = (
    <>
      <TextArea name="message" label={label} rows={field.rows} optional={field.optional} />
      {children}
    </>
  )
  return field.hidden ? (
    <Details summary={t('addMore')} open={open}>
      {fields}
    </Details>
  ) : (
    fields
  )
}

const CARDS = Object.keys(FACT_CARDS) as (keyof typeof FACT_CARDS)[]

async function FactFields({ missing }: { readonly missing: readonly AddedFact[] }) {
  const [t, fields] = await Promise.all([getTranslations('case.act.add_facts'), getTranslations('fields')])
  return CARDS.map((card) => {
    const asked = FACT_CARDS[card].filter((name) => missing.includes(name))
    if (asked.length === 0) return null
    return (
      <FoldedFields key={card} summary={t(`${card}.title`)} names={asked}>
        <p className="text-sm text-soft">{t(`${card}.helps`)}</p>
        {asked.map((name) => {
          const input = isNumberFact(name) ? 'tel' : FIELDS[name].input
          return input === 'paragraph' ? (
            <TextArea key={name} name={name} label={fields(name)} rows={3} optional />
          ) : (
            <Field
              key={name}
              name={name}
              label={fields(name)}
              width={input === 'line' ? 'full' : 'medium'}
              {...(input === 'tel' && { type: input, inputMode: input })}
              {...(!isNumberFact(name) && isNumber(FIELDS[name].value) && { inputMode: 'numeric' as const })}
              optional
            />
          )
        })}
      </FoldedFields>
    )
  })
}
