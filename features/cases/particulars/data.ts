import '#server-only'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { oncePerPage } from '#platform/scope.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { opened, type Particulars } from './rules.ts'

export interface CaseFile {
  readonly key: CaseKey
  readonly particulars: Particulars
  readonly locale: string
  /** In the order in which the checklist asks about them. */
  readonly imeis: readonly NumberOfCase[]
}

export interface NumberOfCase {
  readonly imei: string
  readonly key14: string
  /** Two people have agreed on it, so carriers are or were told. */
  readonly isPublic: boolean
}

export const readSealedFile = (caseId: string, tx: Tx = db) =>
  tx.case.findFirstOrThrow({
    where: { id: caseId },
    select: {
      sealed: true,
      locale: true,
      key: { select: WRAPPED_KEY },
      imeis: { select: { imei: true, key14: true, isPublic: true }, orderBy: { ordinal: 'asc' } },
    },
  })

/** Decrypts a sealed file. Throws if it is not the data that was sealed. */
export function openParticulars(
  caseId: string,
  { sealed, key: wrapped, ...plain }: Awaited<ReturnType<typeof readSealedFile>>,
): CaseFile {
  const key = unwrap(caseId, wrapped)
  return { ...plain, key, particulars: opened(unseal<Particulars>(key, 'particulars', sealed)) }
}

export const openCaseFile = async (c: Pick<CaseSnapshot, 'id'>, tx: Tx = db): Promise<CaseFile> =>
  openParticulars(c.id, await (tx === db ? sealedOnPage(c.id) : readSealedFile(c.id, tx)))

const sealedOnPage = oncePerPage((caseId) => readSealedFile(caseId))
