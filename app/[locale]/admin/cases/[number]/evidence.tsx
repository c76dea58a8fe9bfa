import { getTranslations } from 'next-intl/server'
import type { CaseFileView, ShownFile } from '#features/cases/queries/case-file.ts'
import { readPhones } from '#features/cases/queries/read-phones.ts'
import { EvidenceClosed } from '#features/evidence/components/evidence-closed.tsx'
import { EvidenceWall } from '#features/evidence/components/evidence-wall.tsx'
import { proofReading } from '#features/evidence/queries/readings.ts'
import { evidenceOf, sameFileElsewhere } from '#features/evidence/queries.ts'
import type { ProofReading } from '#features/evidence/rules/reading.ts'
import type { CaseScope } from '#lib/access/scope.ts'

interface EvidenceProps {
  readonly scope: CaseScope
  readonly caseId: string
  readonly opened: boolean
  readonly reading: ProofReading
}

/** Renders the proofs of a case, once opened large enough to read, each with a mark where another case used it. */
export async function Evidence({ scope, caseId, opened, reading }: EvidenceProps) {
  const [items, same] = await Promise.all([
    evidenceOf(scope, caseId, opened),
    sameFileElsewhere(scope, caseId),
  ])
  const shown = { items, same, readings: reading.files }
  return opened ? <EvidenceWall {...shown} /> : <EvidenceClosed {...shown} />
}

/** Returns what a machine read in the evidence of a case, beside the IMEIs that it claims. */
export const readingOf = (scope: CaseScope, caseId: string, file: ShownFile): Promise<ProofReading> =>
  proofReading(
    scope,
    caseId,
    file.imeis.map(({ key14 }) => key14),
    file.openUntil !== null,
  )

/** Returns the phones that a machine read on the evidence, as those that carriers have named stand in the form. */
export async function phonesOnProof(reading: ProofReading) {
  const [phones, t] = await Promise.all([readPhones(reading), getTranslations('evidence.reading')])
  return phones.map((phone) => ({ ...phone, carrierName: t('onProof') }))
}

/** Returns the name of each file by its id, as far as the reader may know it: the sender's, or what it is. */
async function namesOfFiles(view: CaseFileView): Promise<(id: string) => string> {
  const [files, t] = await Promise.all([
    evidenceOf(view.scope, view.snapshot.id, view.openUntil !== null),
    getTranslations('evidence'),
  ])
  return (id) => {
    const file = files.find((one) => one.id === id)
    return file?.fileName ?? t(file ? `short.${file.kind}` : 'list.unnamed')
  }
}

/** Returns the files of a case on which a machine read an IMEI that is not claimed, and none that is. */
export async function differingFilesOf(view: CaseFileView, { files }: ProofReading) {
  const differing = files.filter(({ says }) => says === 'differs')
  if (differing.length === 0) return []
  const nameOf = await namesOfFiles(view)
  return differing.map(({ evidenceId, found }) => ({
    id: evidenceId,
    name: nameOf(evidenceId),
    imeis: found.map(({ imei }) => imei),
  }))
}

/** Files of a case that were used in others, by the names their senders gave them, or what they are until opened. */
export async function sameFilesOf(view: CaseFileView) {
  const same = await sameFileElsewhere(view.scope, view.snapshot.id)
  const nameOf = await namesOfFiles(view)
  return same.map(({ evidenceId, numbers, cases }) => ({
    id: evidenceId,
    name: nameOf(evidenceId),
    numbers,
    cases,
  }))
}
