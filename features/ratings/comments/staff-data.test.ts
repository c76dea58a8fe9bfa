import { createHash, randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { TypedChange } from '#features/agencies/changes/form-rules.ts'
import {
  previewChange,
  readManagedAgency,
  readManagedCatalogue,
} from '#features/agencies/changes/page-data.ts'
import {
  findReadableReport,
  listReports,
  listWithdrawnReports,
  readReportPage,
} from '#features/city-report/page-data.ts'
import { findLiveKiosk, listKiosks } from '#features/kiosks/data.ts'
import { listVersions, readVersionPage } from '#features/questionnaires/versions/data.ts'
import { listExportable } from '#features/results/answers-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may, type Permission, STAFF_ROLES } from '#lib/access/roles.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { findOpenGroup, listExclusionGroups } from '../integrity/data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const CLOSING = {
  ...{ kind: 'close', agency: 'quan-3', from: [], into: '', parts: '', keeps: '', agencyKind: '' },
  ...{ nameVi: '', nameEn: '', abbreviation: '', on: '2026-12-01', basis: 'NQ 1/2026' },
} satisfies TypedChange

const made = (readyAt: Date) => ({
  ...{ id: randomUUID(), scope: 'all' as const, state: 'ready' as const, askedAt: readyAt, readyAt },
  ...{ fromMonth: new Date('2026-01-01'), toMonth: new Date('2026-06-01') },
  ...{ dataset: Buffer.from('{}'), sha256: createHash('sha256').update('{}').digest() },
})

async function withdrawnReport(): Promise<string> {
  const report = { ...made(now), publishedAt: now }
  await db.surveyReport.create({ data: report })
  const [{ id: askedById }, { id: decidedById }] = [
    await makeStaff('survey_manager'),
    await makeStaff('survey_manager'),
  ]
  await db.surveyRequest.create({
    data: {
      ...{ id: randomUUID(), reportId: report.id, reasonVi: 'Số liệu sai.', state: 'confirmed' },
      ...{ askedById, askedAt: now, decidedById, decidedAt: now },
    },
  })
  await db.surveyReport.update({
    where: { id: report.id },
    data: { withdrawnAt: now, withdrawnVi: 'Số liệu sai.' },
  })
  return report.id
}

/** Creates one of everything that only staff read, and returns each way to read it. */
async function readings(): Promise<(readonly [Permission, (actor: StaffActor) => Promise<unknown>])[]> {
  const [kiosk, group, report] = [randomUUID(), randomUUID(), made(now)]
  await db.kiosk.create({
    data: { id: kiosk, agencyId: 'quan-3', counter: '1', createdAt: now, expiresAt: new Date('2027-01-01') },
  })
  await db.exclusion.create({
    data: {
      ...{ id: group, agencyId: 'quan-3', questionnaireVersion: 1, reason: 'too_fast', count: 3 },
      month: new Date('2026-11-01'),
    },
  })
  await db.surveyReport.create({ data: report })
  await withdrawnReport()
  return [
    ['survey:manage', (actor) => listKiosks(actor, null, now)],
    ['survey:manage', (actor) => findLiveKiosk(actor, kiosk, now)],
    ['survey:read', (actor) => listExclusionGroups(actor, null)],
    ['survey:manage', (actor) => findOpenGroup(actor, group)],
    ['survey:read', (actor) => listReports(actor, null, now)],
    ['survey:read', (actor) => readReportPage(actor, report.id, now)],
    ['survey:read', (actor) => findReadableReport(actor, report.id)],
    ['survey:manage', (actor) => listWithdrawnReports(actor)],
    ['survey:manage', (actor) => listExportable(actor, now)],
    ['survey:read', (actor) => readManagedCatalogue(actor, now)],
    ['survey:read', (actor) => readManagedAgency(actor, 'quan-3', now)],
    ['survey:manage', (actor) => previewChange(actor, { typed: CLOSING }, now)],
    ['survey:read', (actor) => listVersions(actor, now)],
    ['survey:read', (actor) => readVersionPage(actor, 1, now)],
  ]
}

const NOTHING = [
  ...[null, [], { refused: { kind: 'forbidden' } }],
  ...['kiosks', 'groups', 'reports'].map((rows) => ({ [rows]: [], next: null })),
]

it('reads what is the staff’s to those whose permission it is, and to nobody else', async () => {
  const all = await readings()
  for (const role of STAFF_ROLES) {
    const actor = await makeStaff(role)
    for (const [permission, read] of all) {
      const answer = expect(NOTHING, `${role}: ${read}`)
      if (may(role, permission)) answer.not.toContainEqual(await read(actor))
      else answer.toContainEqual(await read(actor))
    }
  }
})

it('hands a report to everybody once it is published, until it is withdrawn', async () => {
  const [draft, open] = [made(now), { ...made(now), publishedAt: now }]
  await db.surveyReport.createMany({ data: [draft, open] })
  const withdrawn = await withdrawnReport()
  expect(await findReadableReport(null, draft.id)).toBeNull()
  expect(await findReadableReport(null, open.id)).toMatchObject({ id: open.id })
  expect(await findReadableReport(null, withdrawn)).toBe('withdrawn')
  expect(await findReadableReport(await makeStaff('auditor'), withdrawn)).toMatchObject({ id: withdrawn })
})
