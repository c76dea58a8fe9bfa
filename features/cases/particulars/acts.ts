import '#server-only'
import { searchWords } from '#lib/person/name.ts'
import { blindIndex, blindIndexVersion } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { writtenAlike } from '../contacts/rules.ts'
import type { Particulars } from './rules.ts'

/** Writes the search entries of a case's person. Returns the hashes of their contacts, in hexadecimal digits. */
export async function indexPerson(tx: Tx, caseId: string, p: Particulars): Promise<string[]> {
  const words = searchWords(p.fullName)
  const entries = [
    // A second contact is indexed at once, even while it waits: its person is known by it.
    ...[p.contact, p.secondContact].flatMap((contact) =>
      contact
        ? [
            ...writtenAlike(contact).map((value) => ({ kind: 'contact' as const, value })),
            { kind: contact.kind, value: contact.value },
          ]
        : [],
    ),
    ...(p.nationalId ? [{ kind: 'national_id' as const, value: p.nationalId }] : []),
    ...(words.length > 0 ? [{ kind: 'name' as const, value: words.join(' ') }] : []),
    ...words.map((value) => ({ kind: 'name_word' as const, value })),
    ...p.phoneNumbers.map((value) => ({ kind: 'phone' as const, value })),
    ...(p.serialNumber ? [{ kind: 'serial' as const, value: p.serialNumber.toUpperCase() }] : []),
  ]
  // The contact may be one of the phone's own numbers.
  const distinct = new Map(entries.map((entry) => [`${entry.kind} ${entry.value}`, entry]))
  const version = blindIndexVersion()
  const rows = [...distinct.values()].map(({ kind, value }) => ({
    kind,
    hash: blindIndex(kind, value),
    caseId,
    version,
  }))
  if (rows.length > 0) await deferInsert(tx, 'blind_index', rows)
  return rows.flatMap(({ kind, hash }) => (kind === 'contact' ? [Buffer.from(hash).toString('hex')] : []))
}
