import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { ShownNotice } from './data.ts'
import type { RecoveryState } from './rules.ts'

interface RecoveryLinesProps {
  readonly number: string
  readonly recovery: { readonly state: RecoveryState; readonly dueAt: Instant | null } | null
  readonly notices: readonly ShownNotice[]
  /** Names of units by id. */
  readonly units: ReadonlyMap<string, string>
  /** Null for a reader who has not opened the papers or may not decide. */
  readonly acts: { readonly call: FormAction; readonly look: FormAction } | null
  readonly now: Instant
}

export async function RecoveryLines({ number, recovery, notices, units, acts, now }: RecoveryLinesProps) {
  if (recovery === null) return null
  const [t, locale] = await Promise.all([getTranslations('recovery.desk'), getLocale()])
  const { state, dueAt } = recovery
  const at = (time: Instant) => formatInstant(locale, time, 'moment')
  const post = (id: string | null) => (id === null ? t('city') : (units.get(id) ?? id))
  const said = (one: ShownNotice): string[] => [
    t('called', { carrier: one.carrier, at: at(one.calledAt) }),
    t(one.passedOn === null ? 'notYet' : one.passedOn ? 'passedOn' : 'notPassedOn'),
    ...(one.openedAt ? [t('opened', { at: at(one.openedAt) })] : []),
    ...(one.unitId ? [t('chosen', { unit: post(one.unitId) })] : []),
    ...(one.handedInAt ? [t('handedIn', { at: at(one.handedInAt), unit: post(one.handedInAtId) })] : []),
    ...(one.holder?.name ? [t('by', { name: one.holder.name })] : []),
    ...(one.holder?.from ? [t('from', { from: one.holder.from })] : []),
  ]
  return (
    <Notice tone="info" title={t(`state.${state}`)}>
      <div className="stack" data-recovery-state={state}>
        {dueAt === null ? null : (
          <p className={now > dueAt ? 'font-semibold text-red' : ''} data-recovery-due={dueAt.toISOString()}>
            {t(now > dueAt ? 'late' : 'due', { at: at(dueAt) })}
          </p>
        )}
        {notices.length === 0 ? null : (
          <ul data-holder-notices={notices.length}>
            {notices.map((one) => (
              <li key={one.id}>{said(one).join(' · ')}</li>
            ))}
          </ul>
        )}
        {state !== 'seen' ? null : acts === null ? (
          <p>{t('closed')}</p>
        ) : (
          <>
            <p>{t('callText')}</p>
            <ActionForm action={acts.call} scope="call-holder" className="">
              <HiddenField name="number" value={number} />
              <SubmitButton size="small">{t('call')}</SubmitButton>
            </ActionForm>
            {dueAt === null ? null : (
              <ActionForm action={acts.look} scope="note-look" className="">
                <HiddenField name="number" value={number} />
                <SubmitButton look="quiet" size="small">
                  {t('look')}
                </SubmitButton>
              </ActionForm>
            )}
          </>
        )}
      </div>
    </Notice>
  )
}
