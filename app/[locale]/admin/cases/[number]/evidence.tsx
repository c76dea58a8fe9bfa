import { headers } from 'next/headers'
import { getTranslations } from 'next-intl/server'
import type { CaseFileView, ShownFile } from '#features/cases/file/page-data.ts'
import { readPhones } from '#features/cases/imeis/data.ts'
import type { Claim } from '#features/cases/proof/checklist.tsx'
import { EvidenceClosed } from '#features/evidence/files/evidence-closed.tsx'
import { listEvidence, listSameFiles } from '#features/evidence/files/page-data.ts'
import type { EvidenceKind } from '#features/evidence/files/rules.ts'
import { readProofReading } from '#features/evidence/readings/data.ts'
import type { ProofReading } from '#features/evidence/readings/rules.ts'
import { ProofDesk } from '#features/evidence/viewer/proof-desk.tsx'
import type { PageQuery } from '#features/evidence/viewer/rules.ts'
import type { CaseScope } from '#lib/access/scope.ts'

export const pathOfPage = async (): Promise<string> => (await headers()).get('x-path') ?? ''

export async function Evidence({
  scope,
  caseId,
  opened,
  reading,
  claimed,
  query,
  keys = true,
  readingBelow = false,
}: {
  readonly scope: CaseScope
  readonly caseId: string
  readonly opened: boolean
  readonly reading: ProofReading
  readonly claimed: ShownFile['imeis']
  readonly query: PageQuery
  /** True where the page's keys act on these files; with several sides, only for the first. */
  readonly keys?: boolean
  readonly readingBelow?: boolean
}) {
  const [items, same, path] = await Promise.all([
    listEvidence(scope, caseId, opened),
    listSameFiles(scope, caseId),
    pathOfPage(),
  ])
  const shown = { items, same, readings: reading.files }
  if (!opened) return <EvidenceClosed {...shown} />
  return <ProofDesk {...shown} {...{ claimed, path, query, keys, readingBelow }} />
}

export const readingOf = (scope: CaseScope, caseId: string, file: ShownFile): Promise<ProofReading> =>
  readProofReading(
    scope,
    caseId,
    file.imeis.map(({ key14 }) => key14),
    file.openUntil !== null,
  )

/** Returns the parts of a claim that come from the evidence: its kinds, and what the machine read on it. */
export const comparedWith = (
  files: readonly { readonly kind: EvidenceKind }[],
  { hint, files: readings }: ProofReading,
): Pick<Claim, 'kinds' | 'read' | 'readKeys'> => ({
  kinds: files.map(({ kind }) => kind),
  read: hint,
  readKeys: readings.flatMap(({ found }) => found.map(({ key }) => key)),
})

/** Returns the phones that the machine read on the evidence, in the same form as phones named by carriers. */
export async function phonesOnProof(reading: ProofReading) {
  const [phones, t] = await Promise.all([readPhones(reading), getTranslations('evidence.reading')])
  return phones.map((phone) => ({ ...phone, carrierName: t('onProof') }))
}

/** Returns a function that names a file: the sender's file name, or its kind if the reader may not see that yet. */
async function namesOfFiles(view: CaseFileView): Promise<(id: string) => string> {
  const [files, t] = await Promise.all([
    listEvidence(view.scope, view.snapshot.id, view.openUntil !== null),
    getTranslations('evidence'),
  ])
  return (id) => {
    const file = files.find((one) => one.id === id)
    return file?.fileName ?? t(file ? `short.${file.kind}` : 'list.unnamed')
  }
}

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

/** Returns the files of a case that are also used in others, named as `namesOfFiles` does. */
export async function sameFilesOf(view: CaseFileView) {
  const same = await listSameFiles(view.scope, view.snapshot.id)
  const nameOf = await namesOfFiles(view)
  return same.map(({ evidenceId, numbers, cases }) => ({
    id: evidenceId,
    name: nameOf(evidenceId),
    numbers,
    cases,
  }))
}
