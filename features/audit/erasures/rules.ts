import { readByAny, readNote, type Signers, type Verify } from '#lib/transparency/note.ts'
import type { Digest } from '#lib/transparency/tree.ts'
import { UUID } from '#lib/uuid.ts'

/**
 * Erasures that a restored backup has to repeat: a case, past its time or on request; its files; a single file; a citizen's
 * list; a list of registered phones, one of them, or a person trusted with it.
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
 * Revocations that a restored backup has to repeat (ADR 98): an account that was disabled, or got another post or address; a
 * replaced password or sign-in; a removed passkey; a revoked carrier's key; a comment that was masked by hand or held back; a
 * kiosk with a revoked link; a case with a new legal hold; a case with a withdrawn optional consent.
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

/** One erased or revoked thing; only its id, never its content. */
export interface Erasure {
  readonly kind: NotedKind
  readonly subjectId: string
  readonly at: Date
}

const LINE = new RegExp(`^([a-z_]+) (${UUID}) (\\S+Z)$`)

/** Returns the erasures signed by one of `signers`; null for another kind of text, a changed one, or another signer. */
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
