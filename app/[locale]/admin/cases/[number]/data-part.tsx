import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Num } from '#components/ui/num.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { approvalFor, type ListedApproval } from '#features/approvals/data.ts'
import { DataRequestCard, LegalHoldForm } from '#features/cases/data-requests/data-request-form.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { type DataStanding, retention } from '#features/privacy/data.ts'
import { erasureSubject, mayExtend } from '#features/privacy/requests/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'
import { answerDataAction, legalHoldAction } from './data-actions.ts'

interface DataPartProps {
  readonly staff: StaffActor
  readonly view: CaseFileView
  readonly data: DataStanding
  readonly hold: ListedApproval | null
  readonly now: Instant
}

export async function DataPart({ staff, view, data, hold, now }: DataPartProps) {
  const { number, version } = view.snapshot
  const erasing = data.requests.find(({ kind, state }) => kind === 'erase' && state === 'open')
  const erasure = erasing ? await approvalFor(staff, erasureSubject(erasing.id), now) : null
  return (
    <>
      {data.requests
        .filter(({ state }) => state === 'open')
        .map((request) => (
          <DataRequestCard
            key={request.id}
            action={answerDataAction}
            number={number}
            version={version}
            request={request}
            message={view.events.find(({ seq }) => seq === request.eventSeq)?.words.message ?? null}
            correction={view.events.find(({ seq }) => seq === request.eventSeq)?.words.correction ?? null}
            kept={data.kept}
            proposed={
              request.kind === 'erase' && erasure ? <ApprovalCard staff={staff} request={erasure} /> : null
            }
            answers={may(staff.role, 'case:decide_data')}
            extensionDays={mayExtend(request, now) ? retention().extensionDays : null}
            now={now}
          />
        ))}
      {hold ? (
        <ApprovalCard staff={staff} request={hold} />
      ) : may(staff.role, 'case:hold_data') ? (
        <LegalHoldForm
          action={legalHoldAction}
          number={number}
          version={version}
          held={data.legalHold !== null}
        />
      ) : null}
    </>
  )
}

export async function ErasedFile({ snapshot }: { readonly snapshot: CaseSnapshot }) {
  const [t, words, language] = await Promise.all([
    getTranslations('case-data.erased'),
    getTranslations('case-staff'),
    getLocale(),
  ])
  const at = snapshot.erasedAt ?? snapshot.stateSince
  const date = formatInstant(language === 'en' ? 'en' : 'vi', at, 'date')
  return (
    <div
      className="stack-l"
      data-case-status={snapshot.state}
      data-case-number={snapshot.number}
      data-case-erased
    >
      <h1 className="text-2xl sm:text-3xl">
        <span className="block text-sm font-normal text-soft">{words('page.kicker')}</span>
        <Num value={snapshot.number} copy className="flex-wrap" />
      </h1>
      <p>
        <Tag>{words(`state.${snapshot.state}`)}</Tag>
      </p>
      <Card>
        <h2>{t('title')}</h2>
        <p>{t('text', { date })}</p>
      </Card>
    </div>
  )
}
