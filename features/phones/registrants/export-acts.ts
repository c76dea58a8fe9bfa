import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { listEvidenceWithHashes } from '#features/evidence/files/page-data.ts'
import { noticesOf } from '#features/notices/data.ts'
import { devicesOf } from '#features/push/data.ts'
import { citizenScope, type PhonesScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { certificatesOf } from '../certificates/data.ts'
import { papersOf } from '../handovers/data.ts'
import { consentsOf, phonesOf } from '../registrations/data.ts'
import { endsOf } from '../registrations/rules.ts'
import { trustedBy } from '../trusted/data.ts'
import { findRegistrant, inPhones } from './data.ts'

/** Exports all data on a list and its person, and records the export. */
export async function exportPhones(scope: PhonesScope, now: Instant) {
  const registrant = await findRegistrant(scope.registrantId)
  if (registrant === null) return null
  const { id, key, contacts, person, locale, createdAt } = registrant
  await inPhones(() =>
    transaction((tx) =>
      audit(tx, {
        ...{ actor: { kind: 'citizen' }, act: 'registrant.export', at: now },
        subject: { kind: 'registrant', id },
      }),
    ),
  )
  const phones = await phonesOf(scope)
  const certificates = await certificatesOf(
    phones.map((phone) => phone.id),
    now,
  )
  const messages = await inPhones(() => noticesOf(key))
  return {
    format: 'an-tam/my-phones/1',
    at: now,
    list: { since: createdAt, language: locale, contacts, person },
    /** The people who may report for this person. */
    trusted: (await trustedBy(scope)).map(({ name, contact, owner, askedAt, acceptedAt, confirmedAt }) => ({
      ...{ name, contact, callsMe: owner, askedAt, acceptedAt, confirmedAt },
    })),
    phones: await Promise.all(
      phones.map(async (phone) => {
        const { content, state, registeredAt, keptAt, asked, report, warning } = phone
        const [evidence, consents, papers] = [
          await listEvidenceWithHashes(citizenScope(phone.id, 'full'), phone.id),
          await consentsOf(phone.id),
          await papersOf(scope, phone.id),
        ]
        const certificate = certificates.get(phone.id)
        return {
          ...{ state, registeredAt, keptAt, ...content },
          ends: endsOf(content),
          consents,
          questions: asked.map(({ carrierName, askedAt, answer, answeredAt }) => ({
            ...{ carrier: carrierName, askedAt, answer, answeredAt },
          })),
          report: report?.number ?? null,
          /** That somebody else has reported it, and when this person answered. */
          warned: warning && { at: warning.toldAt, answeredAt: warning.contestedAt },
          certificate: certificate ? { until: certificate.expiresAt } : null,
          handovers: papers,
          evidence: evidence.map(
            ({ id: file, kind, fileName, mediaType, byteSize, sha256, createdAt: at }) => ({
              ...{ kind, fileName, mediaType, byteSize, sha256, receivedAt: at },
              href: `/api/evidence/${file}/original`,
            }),
          ),
        }
      }),
    ),
    messages,
    devices: (await devicesOf(scope)).map(({ service, madeAt, lastSuccessAt }) => ({
      ...{ service, madeAt, lastSuccessAt },
    })),
  }
}
