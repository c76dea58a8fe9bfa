import '#server-only'
import { type EntryProof, writeTlogProof } from '#features/audit/proofs/rules.ts'
import { privateFile } from './private-file.ts'

/** Returns a proof as a private download, in our own JSON or with `?form=tlog-proof` in that common format. */
export function proofFile(request: Request, name: string, proof: EntryProof): Response {
  if (new URL(request.url).searchParams.get('form') !== 'tlog-proof')
    return privateFile(`${name}.json`, JSON.stringify(proof))
  return privateFile(`${name}.tlog-proof`, writeTlogProof(proof))
}
