import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Written, writtenTag } from '#components/ui/written.tsx'
import type { KeptBecause } from '#features/privacy/erasure/rules.ts'
import {
  type AskedCorrection,
  CORRECTABLE,
  isCorrectable,
} from '#features/privacy/requests/correction-rules.ts'
import type { DataRequestItem } from '#features/privacy/requests/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { fieldLabels } from '#messages/field-labels.ts'
import { askableLabels } from '#messages/said-correction.ts'

interface OfCase {
  readonly number: string
  readonly version: number
  readonly action: FormAction
}

export async function DataRequestCard(
  props: OfCase & {
    readonly request: DataRequestItem
    readonly message: string | null
    readonly correction: AskedCorrection | null
    readonly kept: KeptBecause | null
    /** An erasure that waits for a second person; replaces the form. */
    readonly proposed: ReactNode
    readonly answers: boolean
    /** The number of days by which the answer can be put off; null if it cannot be put off any more. */
    readonly extensionDays: number | null
    readonly now: Instant
  },
) {
  const { request, message, correction, kept, number, version, action, now, extensionDays } = props
  const [t, label, language] = await Promise.all([
    getTranslations('case-data.requests'),
    fieldLabels('correction'),
    getLocale(),
  ])
  const late = request.dueAt < now
  const day = (at: Instant) => formatInstant(language, at, 'date')
  const date = day(request.dueAt)
  const erasing = request.kind === 'erase'
  return (
    <Card>
      <div data-data-request={request.kind} className="stack">
        <h2>{t(request.kind)}</h2>
        <p>
          <Tag tone={late ? 'bad' : 'wait'}>{t(late ? 'late' : 'due_by', { date })}</Tag>
        </p>
        {request.firstDueAt === null ? null : (
          <p className="text-sm text-soft">{t('extended', { date: day(request.firstDueAt) })}</p>
        )}
        {correction === null ? null : <Asked correction={correction} />}
        {message === null || message === '' ? null : (
          <figure className="border-l-3 border-line pl-3">
            <figcaption className="text-sm text-soft">{t('asked')}</figcaption>
            <blockquote className="wrap-anywhere whitespace-pre-line">
              <Written>{message}</Written>
            </blockquote>
          </figure>
        )}
        {erasing && kept !== null ? <p className="text-sm text-soft">{t(`kept.${kept}`)}</p> : null}
        {props.proposed ? (
          props.proposed
        ) : props.answers ? (
          <ActionForm action={action} scope={`data-${request.kind}`} className="stack">
            <HiddenField name="number" value={number} />
            <HiddenField name="version" value={String(version)} />
            <HiddenField name="requestId" value={request.id} />
            {erasing || correction !== null ? null : (
              <>
                <Select
                  name="correctField"
                  label={t('correct_field')}
                  hint={t('correct_field_hint')}
                  placeholder={t('correct_none')}
                  options={CORRECTABLE.map((field) => ({ value: field, label: label(field) }))}
                />
                <TextArea name="correctValue" label={t('correct_value')} rows={2} optional />
              </>
            )}
            <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={3} />
            <p className="text-sm text-soft">{t(erasing ? 'does_propose' : doesCorrect(correction))}</p>
            <div className="flex flex-wrap gap-2">
              {erasing && kept !== null ? null : (
                <SubmitButton name="decision" value="grant_data_request" look="quiet" size="small">
                  {t(erasing ? 'propose_erasure' : 'grant_data_request')}
                </SubmitButton>
              )}
              <SubmitButton name="decision" value="refuse_data_request" look="quiet" size="small">
                {t('refuse_data_request')}
              </SubmitButton>
              {extensionDays === null ? null : (
                <SubmitButton name="decision" value="extend_data_request" look="quiet" size="small">
                  {t('extend_data_request', { days: extensionDays })}
                </SubmitButton>
              )}
            </div>
            {extensionDays === null ? null : <p className="text-sm text-soft">{t('does_extend')}</p>}
          </ActionForm>
        ) : null}
      </div>
    </Card>
  )
}

/**
 * Returns the message key for the effect of granting a correction: it changes the field at once, or only records the request if
 * the field is not corrected in this way.
 */
function doesCorrect(correction: AskedCorrection | null) {
  if (correction === null) return 'does_correct'
  return isCorrectable(correction.field) ? 'does_correct_field' : 'does_correct_nothing'
}

async function Asked({ correction: { field, before, value } }: { readonly correction: AskedCorrection }) {
  const [t, locale] = await Promise.all([getTranslations('case-data.requests'), getLocale()])
  const label = await askableLabels(locale)
  const said = (text: string) =>
    field === 'incidentAt' && text !== '' ? formatInstant(locale, new Date(text), 'moment') : text
  return (
    <div className="stack" data-correction={field}>
      <h3>{label(field)}</h3>
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        <div>
          <dt className="text-sm text-soft">{t('says')}</dt>
          <dd className="wrap-anywhere whitespace-pre-line">
            {before === '' ? t('says_nothing') : <Written>{said(before)}</Written>}
          </dd>
        </div>
        <div>
          <dt className="text-sm text-soft">{t('should_say')}</dt>
          <dd className="wrap-anywhere font-semibold whitespace-pre-line">
            <Written>{said(value)}</Written>
          </dd>
        </div>
      </dl>
      {isCorrectable(field) ? null : <p className="text-sm">{t(`falls.${field as 'imei'}`)}</p>}
    </div>
  )
}

export async function LegalHoldNotice({
  hold,
}: {
  readonly hold: {
    readonly basis: string
    readonly placedAt: Instant
  } | null
}) {
  const [t, language] = await Promise.all([getTranslations('case-data.hold'), getLocale()])
  if (hold === null) return null
  const date = formatInstant(language === 'en' ? 'en' : 'vi', hold.placedAt, 'date')
  return (
    <div data-legal-hold>
      <Notice tone="info" title={t('held')}>
        <p>{t.rich('held_text', { ...writtenTag, basis: hold.basis, date })}</p>
      </Notice>
    </div>
  )
}

/** Renders the form that asks for a legal hold, or for the end of the one in force. A second person confirms it. */
export async function LegalHoldForm({ number, version, action, held }: OfCase & { readonly held: boolean }) {
  const t = await getTranslations('case-data.hold')
  const decision = held ? 'lift_legal_hold' : 'place_legal_hold'
  return (
    <Card>
      <Details summary={t('title')} look="row">
        <p className="text-sm text-soft">{t('text')}</p>
        <ActionForm action={action} scope="legal-hold" className="stack">
          <HiddenField name="number" value={number} />
          <HiddenField name="version" value={String(version)} />
          <Field name="basis" label={t('basis')} hint={t('basis_hint')} />
          <TextArea name="reason" label={t('reason')} rows={2} />
          <p className="text-sm text-soft">{t('does_propose')}</p>
          <SubmitButton name="decision" value={decision} look="quiet" size="small">
            {t(decision)}
          </SubmitButton>
        </ActionForm>
      </Details>
    </Card>
  )
}
