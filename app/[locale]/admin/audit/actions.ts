'use server'
import { z } from 'zod'
import { acknowledgeAlert } from '#features/disclosures/lookups/alerts-acts.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { type AuditQuery, readAuditQuery } from './query.ts'

export const acknowledgeAction = staffForm(acknowledgeAlert)

/** Checks the code before a download, because a link carries none. */
export const listStepUpAction = staffAction(
  { schema: z.record(z.string(), z.unknown()), permission: 'audit:read', stepUp: 'file' },
  async (_actor, sent, { locale }) => ({
    to: pathFor(locale, { pathname: '/admin/audit', query: readAuditQuery(sent as AuditQuery).asked }),
  }),
)
