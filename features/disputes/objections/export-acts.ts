import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { exported } from '#features/cases/particulars/rules.ts'
import { whoLooked } from '#features/disclosures/openings/data.ts'
import { listEvidenceWithHashes } from '#features/evidence/files/page-data.ts'
import { lawsInForce } from '#features/lookup-tables/data.ts'
import { noticesOf } from '#features/notices/data.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { listObjectionConsents } from '../drafts/data.ts'
import { holderBox, unitForHolder } from './page-rules.ts'
import { objectionForHolder } from './view-data.ts'

/**
 * Exports all data on an objection and its person, and records the export; null without the access that the secret gives. Nothing
 * of the case that blocks the phone is in it.
 */
export const exportObjection = (scope: CaseScope, id: string, now: Instant) =>
  inScope(scope, async () => {
    const found = await objectionForHolder(scope, id)
    if (!found) return null
    const subject = { kind: 'objection', id } as const
    await transaction((tx) =>
      audit(tx, { actor: { kind: 'citizen' }, act: 'objection.export', subject, at: now }),
    )
    const { snapshot: o, holder, key, events, locale, word } = found
    const [evidence, messages, consents, looked] = await Promise.all([
      listEvidenceWithHashes(scope, id),
      noticesOf(key),
      listObjectionConsents(id),
      whoLooked(scope, id),
    ])
    const box = holderBox(o, events, lawsInForce().remedies, now)
    return {
      format: 'an-tam/objection/1',
      at: now,
      objection: {
        number: o.number,
        state: o.state,
        imei: o.imei,
        sentAt: o.sentAt,
        dueAt: o.dueAt,
        language: locale,
        word,
      },
      consents,
      // The unit would reveal where the phone was reported.
      decisions: box ? [{ box: { ...box, unitId: null }, unit: unitForHolder(box) }] : [],
      person: exported(holder),
      events: events
        .toReversed()
        .map(({ at, move, actorKind: by, reasonCode, words }) => ({ at, move, by, reasonCode, ...words })),
      evidence: evidence.map(({ id: file, kind, fileName, mediaType, byteSize, sha256, createdAt }) => ({
        kind,
        fileName,
        mediaType,
        byteSize,
        sha256,
        receivedAt: createdAt,
        href: `/api/evidence/${file}/original`,
      })),
      messages,
      // The district that opened the papers would reveal where the phone was reported.
      openings: looked.days.map(({ at, reason }) => ({ at, reason })),
    }
  })
