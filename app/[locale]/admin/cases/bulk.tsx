import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Ticked } from '#components/form/tick-all.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import { isAtWork } from '#features/cases/board/rules.ts'
import type { BulkDecision, BulkResult } from '#features/cases/decisions/acts.ts'
import { listColleaguesFor } from '#features/cases/queue/page-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { bulkAction } from './actions.ts'

interface BulkProps {
  readonly staff: StaffActor
  /** The unit of all cases in the list; null if there are several. */
  readonly unitId: string | null
  readonly back: string
  readonly now: Instant
  readonly shown: number
  readonly children: ReactNode
}

export async function Bulk({ staff, unitId, back, now, shown, children }: BulkProps) {
  const [t, people] = await Promise.all([
    getTranslations('case-staff.bulk'),
    listColleaguesFor(staff, unitId, now),
  ])
  const ready = people.filter((person) => isAtWork(person, now))
  return (
    <ActionForm action={bulkAction} scope="chosen" className="queue-bulk">
      <HiddenField name="back" value={back} />
      {children}
      <fieldset className="queue-acts print-hidden">
        <legend>
          <Ticked
            name="chosen"
            words={{ none: t('legend'), some: t('ticked', { count: '{count}', all: shown }) }}
          />
        </legend>
        <SubmitButton name="act" value="take" look="quiet" size="small">
          {t('take')}
        </SubmitButton>
        {ready.length === 0 ? null : (
          <span className="queue-give">
            <label>
              <span className="sr-only">{t('colleague')}</span>
              <select className="control" name="assigneeId" defaultValue="" aria-keyshortcuts="g">
                <option value="">{t('colleague')}</option>
                {ready.map(({ id, name, load }) => (
                  <option key={id} value={id}>
                    {t('has', { name, count: load.open - load.waiting, waiting: load.waiting })}
                  </option>
                ))}
              </select>
            </label>
            <KeyCap of="g" />
            <label>
              <span className="sr-only">{t('note')}</span>
              <input
                className="control"
                name="note"
                placeholder={t('note')}
                maxLength={500}
                autoComplete="off"
              />
            </label>
            <SubmitButton name="act" value="reassign" look="quiet" size="small">
              {t('reassign')}
            </SubmitButton>
          </span>
        )}
        <SubmitButton name="act" value="print" look="quiet" size="small">
          {t('print')}
        </SubmitButton>
      </fieldset>
    </ActionForm>
  )
}

/** The results of one act on several cases, passed sealed in the address. */
export interface SealedResults {
  readonly decision: BulkDecision
  readonly results: readonly BulkResult[]
}
