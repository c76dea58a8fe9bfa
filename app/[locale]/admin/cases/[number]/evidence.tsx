import { getTranslations } from 'next-intl/server'
import type { CaseFileView } from '#features/cases/queries/case-file.ts'
import { EvidenceClosed } from '#features/evidence/components/evidence-closed.tsx'
import { EvidenceWall } from '#features/evidence/components/evidence-wall.tsx'
import { evidenceOf, sameFileElsewhere } from '#features/evidence/queries.ts'
import type { CaseScope } from '#lib/access/scope.ts'

interface EvidenceProps {
  readonly scope: CaseScope
  readonly caseId: string
  readonly opened: boolean
}

/** Renders the proofs of a case, once opened large enough to read, each with a mark where another case used it. */
export async function Evidence({ scope, caseId, opened }: EvidenceProps) {
  const [items, same] = await Promise.all([
    evidenceOf(scope, caseId, opened),
    sameFileElsewhere(scope, caseId),
  ])
  return opened ? <EvidenceWall items={items} same={same} /> : <EvidenceClosed items={items} same={same} />
}

/** Files of a case that were used in others, by the names their senders gave them, or what they are until opened. */
export async function sameFilesOf(view: CaseFileView) {
  const { id } = view.snapshot
  const [same, files, t] = await Promise.all([
    sameFileElsewhere(view.scope, id),
    evidenceOf(view.scope, id, view.openUntil !== null),
    getTranslations('evidence'),
  ])
  return same.map(({ evidenceId, numbers, cases }) => {
    const file = files.find((one) => one.id === evidenceId)
    const name = file?.fileName ?? t(file ? `short.${file.kind}` : 'list.unnamed')
    return { id: evidenceId, name, numbers, cases }
  })
}
