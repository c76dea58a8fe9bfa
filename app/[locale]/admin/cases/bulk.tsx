import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Ticked } from '#components/form/tick-all.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { isAtWork } from '#features/cases/board/rules.ts'
import type { BulkDecision, BulkResult } from '#features/cases/decisions/acts.ts'
import { findLastChanger } from '#features/cases/file/page-data.ts'
import { listColleaguesFor } from '#features/cases/queue/page-data.ts'
import { wordsFor } from '#http/action.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { bulkAction } from './actions.ts'

interface BulkProps {
  readonly staff: StaffActor
  /** The unit that all of the list is of, where it is of one alone. */
  readonly unitId: string | null
  /** Leads back from the act: a query of the list. */
  readonly back: string
  readonly now: Instant
  readonly shown: number
  readonly children: ReactNode
}

/** Renders the table in a form of what may be done with several cases at once. */
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

/** Says what became of the cases of one act; it travels sealed in the address. */
export interface SealedResults {
  readonly decision: BulkDecision
  readonly results: readonly BulkResult[]
}

/** Says what became of each case: how many were done, then each that was not, and why. */
export async function BulkResults({
  staff,
  done,
}: {
  readonly staff: StaffActor
  readonly done: SealedResults
}) {
  const t = await getTranslations('case-staff.bulk')
  const failed = done.results.filter(({ outcome }) => outcome !== 'done')
  const said = await Promise.all(failed.map((one) => becameOf(staff, one)))
  const count = done.results.length - failed.length
  return (
    <Notice
      tone={failed.length === 0 ? 'ok' : 'wait'}
      title={t(`done.${done.decision}`, { count, all: done.results.length })}
    >
      <ul className="queue-results">
        {done.results.map(({ number, outcome }) => (
          <li key={number} data-result={outcome}>
            <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number } }}>
              {number}
            </Link>{' '}
            {outcome === 'done'
              ? t(`one.${done.decision}`)
              : said.find((one) => one.number === number)?.words}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** Says why a case was not changed, and which colleague was faster. */
async function becameOf(staff: StaffActor, { number, outcome }: BulkResult) {
  const t = await getTranslations('case-staff.bulk')
  if (outcome === 'stale') {
    const name = await findLastChanger(staff, number)
    return { number, words: name ? t('faster', { name }) : t('changed') }
  }
  return { number, words: (await wordsFor({ one: `case.${outcome}` })).one ?? '' }
}
