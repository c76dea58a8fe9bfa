import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Notice } from '#components/ui/notice.tsx'
import { approvalFor } from '#features/approvals/data.ts'
import { type RequestSubject, subjectOf } from '#features/city-report/acts.ts'
import { hasAnotherManager } from '#features/city-report/page-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'

/** Renders an act of two survey managers: the form to request it, or the open request with the people who may decide. */
export async function SecondPersonDecision({
  staff,
  subject,
  children,
}: {
  readonly staff: StaffActor
  readonly subject: RequestSubject
  /** The request form, shown while there is no request. */
  readonly children: ReactNode
}) {
  const [t, request, another] = await Promise.all([
    getTranslations('survey-second-person'),
    approvalFor(staff, subjectOf(subject), new Date()),
    hasAnotherManager(staff),
  ])
  if (request === null) {
    return (
      <>
        <Notice tone={another ? 'info' : 'wait'} title={t('two')}>
          <p>{t(another ? 'twoText' : 'nobodyElse')}</p>
        </Notice>
        {children}
      </>
    )
  }
  const own = request.askedById === staff.id
  return (
    <div className="stack" data-request={request.id} data-own={own}>
      <ApprovalCard staff={staff} request={request} />
      {own && !another ? <p>{t('nobodyElse')}</p> : null}
    </div>
  )
}
