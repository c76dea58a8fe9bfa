import { getTranslations } from 'next-intl/server'
import { HiddenField } from '#components/form/field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { movesOpenTo } from '#features/cases/moves/lifecycle-rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { EvidenceFields } from '#features/evidence/files/evidence-fields.tsx'
import { EVIDENCE_KINDS } from '#features/evidence/files/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { translateUntrustedKey } from '#messages/sentence.ts'

interface Props {
  readonly staff: StaffActor
  readonly snapshot: CaseSnapshot
  readonly now: Instant
  readonly unproven: boolean
  /** The fault that the upload handler put into the page's address. */
  readonly fault: string | undefined
}

export async function AddDocument({ staff, snapshot, now, unproven, fault }: Props) {
  if (movesOpenTo(snapshot, staff, now, ['add_document']).length === 0) return null
  const [t, faults] = await Promise.all([getTranslations('case-staff.document'), getTranslations('faults')])
  const told =
    translateUntrustedKey(faults, `evidence.${fault}`) ?? translateUntrustedKey(faults, `case.${fault}`)
  const errors = told === null ? {} : { evidence: told }
  return (
    <Details summary={t('title')} look="row" open={unproven || told !== null}>
      <PostForm
        action={`/api/cases/${snapshot.number}/evidence`}
        encoding="multipart"
        scope="document"
        className="stack"
        state={{ values: {}, errors }}
      >
        <HiddenField name="version" value={String(snapshot.version)} />
        <p className="text-sm text-soft">{t('text')}</p>
        <EvidenceFields kinds={['other', ...EVIDENCE_KINDS.filter((kind) => kind !== 'other')]} />
        <p className="actions">
          <SubmitButton look="quiet">{t('button')}</SubmitButton>
        </p>
      </PostForm>
    </Details>
  )
}
