import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { cityCsv } from '#app/api/v1/results/figures.ts'
import { agencyResultsCsv, agencyResultsJson } from '#app/api/v1/results/questions.ts'
import file from '#cities/hcm/agencies-2025.json' with { type: 'json' }
import { rate } from '#features/ratings/rating/acts.ts'
import { listAgencies, readRatingPage as pageOf } from '#features/ratings/rating/data.ts'
import { withdrawChange } from '#features/ratings/replies/acts.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { readResults } from '#features/results/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { findEnding, listFormerNames, readAgencyPasts } from '../data.ts'
import { loadEdition, reorganise } from './acts.ts'
import type { Wanted } from './data.ts'
import { editionSchema } from './edition-rules.ts'
import type { TypedChange } from './form-rules.ts'
import { previewChange, readEditionState, readManagedCatalogue } from './page-data.ts'

/** Returns a survey manager's form for withdrawing a change. */
const why = () => ({ typed: { reason: 'Nhập nhầm ngày có hiệu lực.' }, submitKey: randomUUID() })
const SYSTEM = { kind: 'system' } as const
const spring = new Date('2025-06-15T03:00:00Z')
const autumn = new Date('2025-11-24T03:00:00Z')
const years = new Date('2026-11-24T03:00:00Z')
const edition = editionSchema.parse(file)

const ratingPage = (id: string, now: Date, from: string | null = null) =>
  pageOf(id, { version: null, from }, now)

let address = 0
async function answer(agencyId: string, serviceDate: string, now: Date, times = 1): Promise<unknown> {
  let last: unknown
  for (let n = 0; n < times; n++) {
    const typed = { r1: '5', r2: 'early', r3: '0', r4: '5', r5: '5', r6: 'right', serviceDate }
    const sender = { kind: 'address', address: `10.2.${address++}.1`, issued: '', proof: '' } as const
    const rated = await rate(
      { agencyId, questionnaireVersion: 1, typed, submitKey: randomUUID(), sender },
      now,
    )
    last = rated.ok ? 'counted' : rated.error.kind === 'faults' ? rated.error.faults : rated.error.kind
  }
  return last
}

/** Stores an answer that a rule excludes. */
async function excluded(agencyId: string, serviceDate: string): Promise<void> {
  const [day, month] = [serviceDate, `${serviceDate.slice(0, 7)}-01`].map((date) => new Date(date))
  if (day === undefined || month === undefined) throw new Error('no day')
  const { id } = await db.agencyVersion.findFirstOrThrow({ where: { agencyId, validTo: null } })
  const of = { agencyId, questionnaireVersion: 1 }
  const { id: exclusionId } = await db.exclusion.create({
    data: { ...of, id: randomUUID(), reason: 'too_fast', month, count: 1 },
  })
  const given = { serviceDate: day, withCode: false, receivedMonth: month, answers: { r1: '1' } }
  await db.excludedResponse.create({
    data: { ...of, ...given, id: randomUUID(), agencyVersionId: id, exclusionId },
  })
}

const switchOn = (on: string, now: Date) =>
  reorganise(SYSTEM, { edition: '2025', on }, { basedOn: null, submitKey: randomUUID() }, now)
const versions = () =>
  db.agencyVersion.findMany({ orderBy: [{ agencyId: 'asc' }, { validFrom: 'asc' }], omit: { id: true } })
const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id)

describe('the edition of 2025', () => {
  it('shows nothing while it is only loaded, however often', async () => {
    const before = await versions()
    expect(await loadEdition(edition, autumn)).toEqual({ ok: true, value: 'loaded' })
    expect(await loadEdition(edition, autumn)).toEqual({ ok: true, value: 'same' })
    expect(await versions()).toEqual(before)
    expect(await listAgencies(autumn)).toHaveLength(44)
    expect(await ratingPage('phuong-ban-co', autumn)).toBeNull()
    expect(await answer('phuong-ban-co', '2025-11-20', autumn)).toBe('gone')
    expect(await readEditionState('2025')).toMatchObject({ on: null, firstDay: '2025-07-01', units: 168 })
  })

  it('leaves each answer with the agency of its day: both readings right', async () => {
    await answer('quan-3', '2025-06-10', spring, 12)
    await answer('so-noi-vu', '2025-06-10', spring, 10)
    const before = await readResults(spring)
    await loadEdition(edition, autumn)
    expect((await switchOn('2025-07-01', autumn)).ok).toBe(true)

    expect(await listAgencies(autumn)).toHaveLength(168 + 19)
    expect(await answer('phuong-ban-co', '2025-06-30', autumn)).toEqual({ serviceDate: 'serviceDate.closed' })
    expect(await answer('phuong-ban-co', '2025-07-01', autumn, 10)).toBe('counted')
    expect(await answer('quan-3', '2025-07-01', autumn)).toEqual({ serviceDate: 'serviceDate.closed' })
    expect(await answer('quan-3', '2025-06-30', autumn, 8)).toBe('counted')

    // The old district has its own twenty answers, the ward its own ten, and the city all of them.
    expect(await readAgencyResults('quan-3', autumn)).toMatchObject({
      responses: 20,
      agency: { nameVi: 'Quận 3' },
    })
    expect(await readAgencyResults('phuong-ban-co', autumn)).toMatchObject({ responses: 10 })
    expect(await readAgencyResults('phuong-xuan-hoa', autumn)).toMatchObject({ responses: 0 })
    expect(before.city.responses).toBe(20)
    const after = await readResults(autumn)
    expect(after.city.responses).toBe(40)
    expect(after.groups.districts.responses).toBe(30)
    const response = await db.surveyResponse.findFirstOrThrow({
      where: { agencyId: 'so-noi-vu' },
      include: { agencyVersion: true },
    })
    expect(response.agencyVersion.validTo?.toISOString().slice(0, 10)).toBe('2025-07-01')
  })

  it('never makes up the day of a service', async () => {
    await loadEdition(edition, autumn)
    await switchOn('2025-07-01', autumn)
    const dayFault = async (typed: Record<string, string>) => {
      const given = { r1: '5', r2: 'early', r3: '0', r4: '5', r5: '5', r6: 'right', ...typed }
      const sender = { kind: 'address', address: `10.2.${address++}.1`, issued: '', proof: '' } as const
      const rated = await rate(
        { agencyId: 'quan-3', questionnaireVersion: 1, typed: given, submitKey: randomUUID(), sender },
        autumn,
      )
      return rated.ok || rated.error.kind !== 'faults' ? rated : rated.error.faults
    }
    // The form of an old QR code, sent without a day.
    expect(await dayFault({})).toEqual({ serviceDate: 'serviceDate.empty' })
    expect(await dayFault({ serviceWhen: 'after' })).toEqual({ serviceDate: 'serviceDate.after' })
    expect(await dayFault({ serviceWhen: 'today' })).toEqual({ serviceDate: 'serviceDate.closed' })
    expect(await dayFault({ serviceWhen: 'other', serviceDate: '30/06/2025' })).toMatchObject({ ok: true })
  })

  it('leads old links on: within a year by a form for its time, then to who took over', async () => {
    await loadEdition(edition, autumn)
    await switchOn('2025-07-01', autumn)
    const old = await ratingPage('quan-3', autumn)
    expect(old?.dates).toEqual({ first: '2024-11-24', last: '2025-06-30' })
    const three = ['phuong-xuan-hoa', 'phuong-nhieu-loc', 'phuong-ban-co']
    expect(old?.ending).toMatchObject({ on: '2025-07-01', basis: 'Nghị quyết 202/2025/QH15' })
    expect(ids(old?.ending?.successors ?? [])).toEqual(three)

    const ward = await ratingPage('phuong-ban-co', autumn, 'quan-3')
    expect(ward?.dates).toEqual({ first: '2025-07-01', last: '2025-11-24' })
    expect(ward).toMatchObject({ ending: null, cameFrom: null })
    expect(ids(ward?.before?.agencies ?? [])).toEqual(['quan-3'])
    expect((await ratingPage('so-noi-vu', autumn, 'so-lao-dong'))?.cameFrom?.id).toBe('so-lao-dong')
    expect((await ratingPage('so-noi-vu', autumn, 'so-nong-nghiep'))?.cameFrom).toBeNull()

    expect(await ratingPage('quan-3', years)).toMatchObject({ dates: null })
    expect(ids((await findEnding('so-lao-dong', years))?.successors ?? [])).toEqual(['so-noi-vu'])
    expect(await findEnding('so-y-te', years)).toBeNull()
    expect(await ratingPage('so-y-te', years)).toMatchObject({ ending: null, before: null })
  })

  it('is not switched on over answers of its time, and says from which day it can be', async () => {
    await answer('quan-3', '2025-11-20', autumn)
    await loadEdition(edition, autumn)
    const refused = await switchOn('2025-07-01', autumn)
    expect(refused).toMatchObject({
      error: { kind: 'impossible', why: { fault: 'answered', agency: 'quan-3', day: '2025-11-21' } },
    })
    expect((await readEditionState('2025'))?.firstFreeDay).toBe('2025-11-21')
    expect(await listAgencies(autumn)).toHaveLength(44)
    expect((await switchOn('2025-11-21', autumn)).ok).toBe(true)
    expect(await listAgencies(autumn)).toHaveLength(187)
    expect((await loadEdition({ ...edition, units: edition.units.slice(1) }, autumn)).ok).toBe(false)
  })

  it('is switched off as if it had not been, until the first answer', async () => {
    const before = await versions()
    await loadEdition(edition, autumn)
    const on = must(await switchOn('2025-07-01', autumn))
    expect((await withdrawChange(SYSTEM, on, autumn)).ok).toBe(true)
    expect(await versions()).toEqual(before)
    expect(await db.agencySuccession.count()).toBe(0)

    const again = must(await switchOn('2025-07-01', autumn))
    await answer('phuong-ban-co', '2025-11-20', autumn)
    expect(await withdrawChange(SYSTEM, again, autumn)).toEqual(
      err({ kind: 'answered', names: [{ nameVi: 'Phường Bàn Cờ', nameEn: 'Bàn Cờ Ward' }] }),
    )
    await superuser.query('DELETE FROM survey_responses')
    await excluded('phuong-xuan-hoa', '2025-11-20')
    expect(await withdrawChange(SYSTEM, again, autumn)).toMatchObject({
      error: { kind: 'answered', names: [{ nameVi: 'Phường Xuân Hòa' }] },
    })
    const acts = await db.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { act: true, facts: true } })
    expect(acts.map(({ act }) => act)).toEqual([
      'catalogue.load',
      'catalogue.edition',
      'catalogue.withdraw',
      'catalogue.edition',
    ])
    expect(acts[1]?.facts).toMatchObject({ on: '2025-07-01', edition: '2025', opened: 177 })
  })
})

const form = (some: Partial<TypedChange>): Wanted => ({
  typed: {
    kind: 'close',
    agency: 'quan-3',
    from: [],
    into: '',
    agencyKind: 'ward',
    nameVi: '',
    nameEn: '',
    abbreviation: '',
    parts: '',
    keeps: '',
    on: '2026-12-01',
    basis: 'Nghị quyết 9',
    ...some,
  },
})

/** Previews a change, then makes it, as the screens do. */
async function decide(actor: StaffActor, wanted: Wanted, now = years) {
  const seen = await previewChange(actor, wanted, now)
  if ('refused' in seen) return seen.refused
  const { basedOn } = seen.preview
  const done = await reorganise(actor, wanted, { basedOn, submitKey: randomUUID() }, now)
  return done.ok ? done.value : done.error
}

describe('a survey manager', () => {
  const later = new Date('2026-12-02T03:00:00Z')

  it('sees what will change before it does: links, public answers, successors', async () => {
    await answer('quan-3', '2026-11-20', years, 14)
    const seen = await previewChange(
      await makeStaff('survey_manager'),
      form({ kind: 'merge', from: ['quan-3', 'quan-10'], agencyKind: 'district', nameVi: 'Quận Mới' }),
      years,
    )
    if ('refused' in seen) throw new Error('refused')
    expect(seen.preview.effects).toMatchObject([
      {
        agency: { id: 'quan-3' },
        published: 10,
        goesOn: false,
        kinds: ['merge'],
        successors: [{ id: 'quan-moi' }],
      },
      { agency: { id: 'quan-10' }, published: 0, goesOn: false, successors: [{ id: 'quan-moi' }] },
    ])
    expect(seen.preview.opens).toMatchObject([{ id: 'quan-moi', nameEn: 'Mới District' }])
    expect(await db.catalogueChange.count()).toBe(0)
  })

  it('adds, renames, merges, splits and closes from a day on', async () => {
    const manager = await makeStaff('survey_manager')
    const all = [
      form({ kind: 'add', nameVi: 'Phường Thử', agencyKind: 'ward' }),
      form({ kind: 'rename', agency: 'quan-1', nameVi: 'Quận Nhất', nameEn: 'First District' }),
      form({ kind: 'merge', from: ['quan-4'], into: 'quan-7' }),
      form({ kind: 'split', agency: 'binh-tan', parts: 'Quận Bình Tân Đông\nQuận Bình Tân Tây' }),
      form({ kind: 'close', agency: 'so-du-lich' }),
    ]
    for (const wanted of all) expect(typeof (await decide(manager, wanted))).toBe('string')
    expect(await listAgencies(years)).toHaveLength(44)
    const open = await listAgencies(later)
    expect(open).toHaveLength(44 + 1 - 1 + 1 - 1)
    expect(open.find(({ id }) => id === 'quan-1')?.nameVi).toBe('Quận Nhất')
    expect((await listAgencies(years)).find(({ id }) => id === 'quan-1')?.nameVi).toBe('Quận 1')
    const page = await ratingPage('binh-tan', later)
    expect(ids(page?.ending?.successors ?? [])).toEqual(['quan-binh-tan-dong', 'quan-binh-tan-tay'])
    expect((await findEnding('so-du-lich', later))?.successors).toEqual([])
    const managed = await readManagedCatalogue(manager, years)
    expect([managed?.coming.length, managed?.changes.length]).toEqual([5, 5])
    expect(await db.auditEntry.count({ where: { actorId: manager.id } })).toBe(5)
  })

  it('leaves the old name, the day and the legal basis where the figures and the form are', async () => {
    const manager = await makeStaff('survey_manager')
    await answer('so-ngoai-vu', '2026-11-20', years, 10)
    const wanted = form({
      kind: 'rename',
      agency: 'so-ngoai-vu',
      agencyKind: 'department',
      nameVi: 'Sở Đối ngoại',
      nameEn: 'Department of Foreign Relations',
      on: '2026-11-29',
      basis: 'Nghị quyết 29/NQ-HĐND',
    })
    expect(typeof (await decide(manager, wanted))).toBe('string')
    const renaming = {
      before: { nameVi: 'Sở Ngoại vụ' },
      after: { nameVi: 'Sở Đối ngoại' },
      on: '2026-11-29',
      basis: 'Nghị quyết 29/NQ-HĐND',
    }
    // Not before its day.
    const early = new Date('2026-11-28T03:00:00Z')
    expect((await readAgencyResults('so-ngoai-vu', early))?.renamings).toEqual([])
    expect((await ratingPage('so-ngoai-vu', early))?.renamings).toEqual([])
    const shown = await readAgencyResults('so-ngoai-vu', later)
    expect(shown).toMatchObject({
      responses: 10,
      agency: { nameVi: 'Sở Đối ngoại' },
      renamings: [renaming],
    })
    expect((await ratingPage('so-ngoai-vu', later))?.renamings).toMatchObject([renaming])
    const pasts = await readAgencyPasts(later)
    expect(shown && agencyResultsJson(shown, pasts).renamings).toMatchObject([
      {
        on: '2026-11-29',
        before: { vi: 'Sở Ngoại vụ' },
        after: { vi: 'Sở Đối ngoại' },
        basis: renaming.basis,
      },
    ])
    // The tables show it too: the former names, and the first day of the present one.
    const past = ',,,Sở Ngoại vụ,Department of External Relations,2026-11-29,2026-11-30'
    expect(cityCsv(await readResults(later), pasts, '2026-11-30')).toContain(`${past},0,,,\r\n`)
    expect(shown && agencyResultsCsv(shown, pasts, '2026-11-30')).toContain(`${past}\r\n`)
    expect(cityCsv(await readResults(early), await readAgencyPasts(early), '2026-11-28')).not.toContain(
      '2026-11-29',
    )
    // Another agency is not touched.
    expect((await readAgencyResults('so-y-te', later))?.renamings).toEqual([])
    expect(await listFormerNames(later)).toContainEqual(
      expect.objectContaining({ why: 'renamed', nameVi: 'Sở Ngoại vụ', on: '2026-11-29' }),
    )
  })

  it('cannot rewrite the past, in the database neither', async () => {
    const manager = await makeStaff('survey_manager')
    await answer('quan-3', '2026-11-24', years)
    expect(await decide(manager, form({ on: '2026-11-23' }))).toMatchObject({ why: { fault: 'past' } })
    expect(await decide(manager, form({ on: '2026-11-24' }))).toMatchObject({
      why: { fault: 'answered', day: '2026-11-25' },
    })
    await decide(manager, form({ on: '2026-11-25' }))
    expect(await decide(manager, form({}))).toMatchObject({ why: { fault: 'ended' } })
    await expect(
      superuser.query(`UPDATE agency_versions SET valid_to = '2026-11-24' WHERE agency_id = 'quan-3'`),
    ).rejects.toThrow('answers would fall outside it')
  })

  it('cannot end an agency before an answer that a rule keeps out either, as it may count yet', async () => {
    const manager = await makeStaff('survey_manager')
    await answer('quan-3', '2026-11-22', years)
    await excluded('quan-3', '2026-11-24')
    expect(await decide(manager, form({ on: '2026-11-24' }))).toMatchObject({
      why: { fault: 'answered', day: '2026-11-25' },
    })
    await decide(manager, form({ on: '2026-11-25' }))
    await expect(
      superuser.query(`UPDATE agency_versions SET valid_to = '2026-11-24' WHERE agency_id = 'quan-3'`),
    ).rejects.toThrow('answers would fall outside it')
    await superuser.query('DELETE FROM survey_responses')
    await expect(superuser.query(`DELETE FROM agency_versions WHERE agency_id = 'quan-3'`)).rejects.toThrow(
      'survey_excluded_responses_agency_version_id_agency_id_fkey',
    )
  })

  it('is told when somebody else was first; the same form twice is one change', async () => {
    const [one, other] = await Promise.all([makeStaff('survey_manager'), makeStaff('survey_manager')])
    const wanted = [form({}), form({ kind: 'rename', nameVi: 'Quận Ba' })] as const
    const seen = await Promise.all(wanted.map((want) => previewChange(one, want, years)))
    const bases = seen.map((each) => ('preview' in each ? each.preview.basedOn : ''))
    const done = await Promise.all([
      reorganise(one, wanted[0], { basedOn: bases[0] ?? '', submitKey: randomUUID() }, years),
      reorganise(other, wanted[1], { basedOn: bases[1] ?? '', submitKey: randomUUID() }, years),
    ])
    expect(done.filter(({ ok }) => ok)).toHaveLength(1)
    expect(done.find(({ ok }) => !ok)).toMatchObject({ error: { kind: 'stale' } })

    const add = form({ kind: 'add', nameVi: 'Phường Một' })
    const submitKey = randomUUID()
    const twice = await Promise.all(
      [0, 1, 2].map(() => reorganise(one, add, { basedOn: 'phuong-mot', submitKey }, years)),
    )
    expect(new Set(twice.map((each) => each.ok && each.value)).size).toBe(1)
    expect(await db.catalogueChange.count()).toBe(2)
  })

  it('takes a change of any kind back, before its day and after it, as long as nothing rests on it', async () => {
    const manager = await makeStaff('survey_manager')
    const before = await versions()
    const all = [
      form({ kind: 'split', parts: 'Quận 31\nQuận 32' }),
      form({ kind: 'close', agency: 'so-ngoai-vu' }),
      form({ kind: 'add', nameVi: 'Phường Thử' }),
      form({ kind: 'rename', agency: 'quan-1', nameVi: 'Quận Nhất', nameEn: 'First District' }),
      form({ kind: 'merge', from: ['quan-4'], into: 'quan-7' }),
    ]
    for (const now of [years, later]) {
      for (const wanted of all) {
        const id = String(await decide(manager, wanted, years))
        expect((await readManagedCatalogue(manager, now))?.changes).toMatchObject([
          { id, withdrawable: true },
        ])
        const key = randomUUID()
        const form = () => withdrawChange(manager, id, now, { ...why(), submitKey: key })
        for (const one of [...(await Promise.all([form(), form(), form()])), await form()])
          expect(one).toEqual({ ok: true, value: true })
        expect(await versions()).toEqual(before)
        expect(await withdrawChange(manager, id, now, why())).toMatchObject({ error: { kind: 'gone' } })
      }
    }
    expect(await db.agencySuccession.count()).toBe(0)
    expect((await ratingPage('so-ngoai-vu', later))?.ending).toBeNull()
  })

  it('takes nothing back that an answer or a later change rests on, and loses no answer by taking back', async () => {
    const manager = await makeStaff('survey_manager')
    const today = { on: '2026-11-24' }
    await answer('quan-4', '2026-11-20', years, 12)
    await answer('quan-7', '2026-11-20', years)
    const merged = String(
      await decide(manager, form({ kind: 'merge', from: ['quan-4'], into: 'quan-7', ...today })),
    )
    const given = await db.surveyResponse.findMany({ orderBy: { id: 'asc' } })
    const figures = await readAgencyResults('quan-4', years)
    // For a day before the merger, and so for the agency that existed then.
    expect(await answer('quan-4', '2026-11-23', years)).toBe('counted')
    expect((await withdrawChange(manager, merged, years, why())).ok).toBe(true)
    expect(
      await db.surveyResponse.findMany({
        where: { id: { in: given.map(({ id }) => id) } },
        orderBy: { id: 'asc' },
      }),
    ).toEqual(given)
    expect(await readAgencyResults('quan-4', years)).toMatchObject({ responses: figures?.responses })

    const again = String(
      await decide(manager, form({ kind: 'merge', from: ['quan-4'], into: 'quan-7', ...today })),
    )
    await answer('quan-7', '2026-11-24', years)
    expect(await withdrawChange(manager, again, years, why())).toMatchObject({
      error: { kind: 'answered', names: [{ nameVi: 'Quận 7' }] },
    })
    const closed = String(await decide(manager, form({ kind: 'close', agency: 'so-ngoai-vu', ...today })))
    const anew = String(
      await decide(
        manager,
        form({ kind: 'add', agencyKind: 'department', nameVi: 'Sở Ngoại vụ', nameEn: 'Foreign Affairs' }),
      ),
    )
    expect(await withdrawChange(manager, closed, years, why())).toMatchObject({
      error: { kind: 'changed', names: [{ nameVi: 'Sở Ngoại vụ' }] },
    })
    const changes = (await readManagedCatalogue(manager, years))?.changes
    expect(changes?.filter((change) => change.withdrawable).map(({ id }) => id)).toEqual([anew])
    expect((await withdrawChange(manager, anew, years, why())).ok).toBe(true)
    expect((await withdrawChange(manager, closed, years, why())).ok).toBe(true)
  })

  it('can still switch an edition on over what it has ended, which stays as it is', async () => {
    const manager = await makeStaff('survey_manager')
    const today = { on: '2026-11-24' }
    await loadEdition(edition, years)
    const closed = String(await decide(manager, form({ kind: 'close', agency: 'so-du-lich', ...today })))
    const thuDuc = form({
      kind: 'merge',
      from: ['quan-2', 'quan-9', 'thu-duc'],
      agencyKind: 'city',
      nameVi: 'Thành phố Thủ Đức',
      nameEn: 'Thủ Đức City',
      ...today,
    })
    await decide(manager, thuDuc)
    const early = await previewChange(manager, { edition: '2025', on: '2025-07-01' }, years)
    expect(early).toMatchObject({
      refused: { why: { fault: 'ended', day: '2026-11-24' }, behind: { on: '2026-11-24' } },
    })
    expect((await listAgencies(years)).find(({ id }) => id === 'thanh-pho-thu-duc')?.kind).toBe('city')
    const shown = (await readResults(years)).agencies.filter(({ agency }) => agency.kind === 'city')
    expect(shown).toMatchObject([{ responses: 0 }])
    expect((await readEditionState('2025'))?.firstFreeDay).toBe('2026-11-25')
    const seen = await previewChange(manager, { edition: '2025', on: '2026-12-01' }, years)
    if ('refused' in seen) throw new Error('refused')
    const { leftAlone } = seen.preview
    expect(leftAlone.map(({ agency }) => agency.id)).toEqual(['quan-2', 'quan-9', 'thu-duc', 'so-du-lich'])
    expect(leftAlone.map(({ successors }) => successors.length)).toEqual([12, 12, 12, 0])

    expect((await switchOn('2026-12-01', years)).ok).toBe(true)
    const open = ids(await listAgencies(later))
    expect(open).toHaveLength(168 + 18)
    expect(open).not.toContain('thanh-pho-thu-duc')
    expect(open).not.toContain('so-du-lich')
    expect(await withdrawChange(manager, closed, later, why())).toMatchObject({ error: { kind: 'changed' } })
    const changes = (await readManagedCatalogue(manager, later))?.changes
    expect(changes?.filter(({ withdrawable }) => withdrawable)).toMatchObject([{ kind: 'edition' }])
  })

  it('is told which change to withdraw where another cannot be made over it', async () => {
    const manager = await makeStaff('survey_manager')
    await loadEdition(edition, years)
    const added = String(await decide(manager, form({ kind: 'add', nameVi: 'Phường Bàn Cờ' })))
    expect(await switchOn('2026-12-01', years)).toMatchObject({
      error: { why: { fault: 'exists', agency: 'phuong-ban-co' }, behind: { id: added, kind: 'add' } },
    })
    await withdrawChange(manager, added, years, why())
    const renamed = String(
      await decide(manager, form({ kind: 'rename', nameVi: 'Quận Ba', nameEn: 'Third', on: '2026-12-10' })),
    )
    expect(await switchOn('2026-12-01', years)).toMatchObject({
      error: { why: { fault: 'before_start' }, behind: { id: renamed } },
    })
    expect((await readEditionState('2025'))?.firstFreeDay).toBe('2026-12-11')
  })

  it('is nobody else', async () => {
    for (const role of ['auditor', 'agency_viewer', 'admin', 'supervisor'] as const) {
      const actor = await makeStaff(role)
      expect(await decide(actor, form({}))).toEqual({ kind: 'forbidden' })
      expect(await withdrawChange(actor, randomUUID(), years)).toMatchObject({ error: { kind: 'forbidden' } })
    }
  })

  it('waits for an answer that is being written, and no answer comes to what it has ended', async () => {
    const manager = await makeStaff('survey_manager')
    const outcomes = await Promise.all([
      answer('quan-3', '2026-11-24', years),
      decide(manager, form({ on: '2026-11-24' })),
    ])
    const [rated, closed] = outcomes
    const [{ outside }] = (
      await superuser.query(
        `SELECT count(*)::int AS outside FROM survey_responses r JOIN agency_versions v ON v.id = r.agency_version_id
         WHERE r.service_date >= v.valid_to`,
      )
    ).rows
    expect(outside).toBe(0)
    expect(rated === 'counted').toBe(typeof closed !== 'string')
  })
})
