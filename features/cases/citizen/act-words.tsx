import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import type { FormState } from '#lib/form-state.ts'
import { allValues } from '#lib/raw-form.ts'
import { fieldNames } from '#messages/field-names.ts'
import { INFO_CODES } from '../moves/rules.ts'
import type { PastEntry } from '../timeline/rules.ts'
import { ADDED_FACTS } from './added-facts-rules.ts'
import type { CitizenAct } from './rules.ts'

export interface RefusedAct {
  readonly act: CitizenAct | null
  readonly state: FormState
}

const WRITTEN = ['message', 'correctValue', 'imei1', 'imei2', ...ADDED_FACTS] as const

/**
 * Renders a refusal that no form on the page can show, because its act is unknown or no longer possible: the reason,
 * and the person's own words.
 *
 * @param acts the acts that have a form on the page
 */
export async function Refused<Act extends string>({
  refused,
  acts,
}: {
  readonly refused: { readonly act: Act | null; readonly state: FormState } | null
  readonly acts: readonly Act[]
}) {
  if (refused === null || (refused.act !== null && acts.includes(refused.act))) return null
  const t = await getTranslations('case.act')
  const { errors, notice, values } = refused.state
  const labels = await fieldNames(WRITTEN)
  const written = WRITTEN.flatMap((name) => {
    const text = allValues(values, name)[0]?.trim()
    return text ? [{ name, label: labels[name], text }] : []
  })
  return (
    <div role="alert">
      <Notice tone="bad" title={notice ?? Object.values(errors)[0]}>
        {written.length === 0 ? null : (
          <>
            <p>{t('lost')}</p>
            {written.map(({ name, label, text }) => (
              <p key={name} className="wrap-anywhere whitespace-pre-line" data-written={name}>
                <b>{label}:</b> <Written>{text}</Written>
              </p>
            ))}
          </>
        )}
      </Notice>
    </div>
  )
}

export async function Asked({ past }: { readonly past: readonly PastEntry[] }) {
  const t = await getTranslations('case')
  const question = past.find(({ from, to }) => from !== 'info_requested' && to === 'info_requested')
  if (!question) return null
  const code = INFO_CODES.find((known) => known === question.reasonCode)
  return (
    <figure className="border-l-3 border-saffron pl-3">
      <figcaption className="text-sm text-soft">{t('act.asked')}</figcaption>
      {code === undefined || code === 'other' ? null : <p>{t(`reason.${code}`)}</p>}
      <blockquote className="max-w-measure wrap-anywhere whitespace-pre-line">
        <Written>{question.message}</Written>
      </blockquote>
    </figure>
  )
}
