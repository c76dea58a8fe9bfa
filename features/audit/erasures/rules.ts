import { readByAny, readNote, type Signers, type Verify } from '#lib/transparency/note.ts'
import type { Digest } from '#lib/transparency/tree.ts'
import { UUID } from '#lib/uuid.ts'

/**
 * The kinds of erasure that a restored copy has to repeat: of a case, because its time was up or its person asked; of its
 * files; of one file; of a citizen's list; of a list of registered phones, of one of them, or of a person trusted with it.
 */
const ERASURE_KINDS = [
  'case',
  'case_asked',
  'case_files',
  'evidence',
  'identity',
  'registrant',
  'registration',
  'trusted',
] as const
export type ErasureKind = (typeof ERASURE_KINDS)[number]

/**
 * The kinds of what protects people, which a restored copy has to repeat as well (ADR 98): an account that was disabled, or
 * given another post or address; an account whose password or whole sign-in was replaced; a passkey that was removed; a
 * carrier's key that was revoked; a comment that was masked by hand or kept back; a kiosk whose link was revoked; a case on
 * which a legal hold was placed; a case whose person took back the consent that may be left out.
 */
const PROTECTION_KINDS = [
  'account',
  'sign_in',
  'passkey',
  'carrier_key',
  'comment',
  'kiosk',
  'legal_hold',
  'consent',
] as const
export type ProtectionKind = (typeof PROTECTION_KINDS)[number]

type NotedKind = ErasureKind | ProtectionKind
const NOTED_KINDS: readonly NotedKind[] = [...ERASURE_KINDS, ...PROTECTION_KINDS]

export const isProtection = (kind: NotedKind): kind is ProtectionKind =>
  PROTECTION_KINDS.some((one) => one === kind)

/** One thing that was erased, or ended to protect a person; of its content only the id. */
export interface Erasure {
  readonly kind: NotedKind
  readonly subjectId: string
  readonly at: Date
}

const LINE = new RegExp(`^([a-z_]+) (${UUID}) (\\S+Z)$`)

/**
 * Returns the erasures that one of `signers` signed; null where the text is no such file, was changed, or has another
 * signer.
 */
export const readErasures = (
  sha256: Digest,
  note: string,
  signers: Signers,
  verify: Verify,
): Promise<Erasure[] | null> =>
  readByAny(signers, async (signer) => {
    const text = await readNote(sha256, note, signer, verify)
    const [origin, ...lines] = text?.trimEnd().split('\n') ?? []
    if (origin !== `${signer.name}/erased`) return null
    return lines.flatMap((line) => {
      const [, named, subjectId = '', at = ''] = LINE.exec(line) ?? []
      const kind = NOTED_KINDS.find((one) => one === named)
      return kind === undefined ? [] : [{ kind, subjectId, at: new Date(at) }]
    })
  })

export function readErasureFile(name: string): Date | null {
  const [, year, month, day, hour, minute, second] =
    /^erased-(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-[0-9a-f]{8}\.note$/.exec(name) ?? []
  return year === undefined ? null : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
