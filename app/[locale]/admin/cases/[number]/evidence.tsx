import { getTranslations } from 'next-intl/server'
import { EvidenceWall } from '#components/evidence/evidence-wall.tsx'
import type { CaseScope } from '#domain/access/scope.ts'
import type { CaseFileView } from '#server/cases/loaders/case-file.ts'
import { evidenceOf, sameFileElsewhere } from '#server/evidence/loaders.ts'

/** The proofs of a case, large enough to read, each with a mark where another case used it. */
export async function Evidence({ scope, caseId }: { readonly scope: CaseScope; readonly caseId: string }) {
  const [items, same] = await Promise.all([evidenceOf(scope, caseId), sameFileElsewhere(scope, caseId)])
  return <EvidenceWall items={items} same={same} />
}

/** Files of a case that were used in others, by the names their senders gave them. */
export async function sameFilesOf(view: CaseFileView) {
  const { id } = view.snapshot
  const [same, files, t] = await Promise.all([
    sameFileElsewhere(view.scope, id),
    evidenceOf(view.scope, id),
    getTranslations('evidence.list'),
  ])
  return same.map(({ evidenceId, numbers, cases }) => ({
    id: evidenceId,
    name: files.find((file) => file.id === evidenceId)?.fileName ?? t('unnamed'),
    numbers,
    cases,
  }))
}
