import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RULES, ruleOf } from '#features/cases/moves/rules.ts'
import { caseStanding } from '#features/cases/standing/rules.ts'
import { drawWay, nextEntries, pastEntries } from '#features/cases/timeline/rules.ts'

import { isTestImei, parseImei } from '#lib/imei/imei.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import {
  answerStage,
  beginRehearsal,
  CASE_STEPS,
  isPageOpen,
  nextCaseStep,
  passStage,
  type Rehearsal,
  rehearsedCase,
  rehearsedLines,
  rehearsedReport,
  sendRehearsal,
  takeCaseStep,
} from './rules.ts'

const now = new Date('2026-12-01T03:00:00Z')
const context = { areas: ['quan-3'], now, phones: true }
const begin = (random = 41) => beginRehearsal((below) => random % below)
const INCIDENT = { incidentType: 'snatched', incidentWhen: 'now', district: 'quan-3' }

/** Walks through the report of a rehearsal without changing the prefilled values. */
function filled(): Rehearsal {
  let one = answerStage(begin(), 'incident', INCIDENT, context).rehearsal
  one = answerStage(one, 'contact', one.answers, context).rehearsal
  one = passStage(one, 'code')
  one = answerStage(one, 'phone', one.answers, context).rehearsal
  return answerStage(one, 'person', one.answers, context).rehearsal
}

describe('the report of a rehearsal', () => {
  test('is walked with what is filled in beforehand and has every answer', () => {
    const one = filled()
    expect(one.at).toBe('review')
    const report = rehearsedReport(one, context)
    expect(report).toMatchObject({
      incident: { incidentType: 'snatched', district: 'quan-3' },
      contact: { contact: { kind: 'email', value: 'dientap@example.vn' } },
      phone: { imeis: [{ imei: one.imei }] },
      person: { fullName: 'Nguyễn Văn Tập' },
    })
  })

  test('always has a number that no phone has, which a real report refuses', () => {
    fc.assert(
      fc.property(fc.nat(), (random) => {
        const { imei } = begin(random)
        expect(isTestImei(imei)).toBe(true)
        expect(parseImei(imei).ok).toBe(false)
      }),
    )
  })

  test('takes no number of a real phone', () => {
    const { rehearsal, faults } = answerStage(begin(), 'phone', { imei1: '352987065816623' }, context)
    expect(faults).toEqual({ imei1: 'rehearsal.imei' })
    expect(rehearsal.at).toBe('incident')
  })

  test('refuses a page with the faults of the real one, and keeps what was typed', () => {
    const { rehearsal, faults } = answerStage(begin(), 'incident', { incidentType: 'lost' }, context)
    expect(Object.keys(faults).toSorted()).toEqual(['district', 'incidentWhen'])
    expect(rehearsal).toMatchObject({ at: 'incident', answers: { incidentType: 'lost' } })
  })

  test('fits in a cookie, however much is typed', () => {
    const long = 'ỗ'.repeat(5_000)
    const typed = Object.fromEntries(Object.keys(filled().answers).map((field) => [field, long]))
    let one = begin()
    for (const stage of ['incident', 'contact', 'phone', 'person'] as const)
      one = answerStage(one, stage, typed, context).rehearsal
    const sent = sendRehearsal(one, now)
    const all = CASE_STEPS.reduce((before) => takeCaseStep(before, now), sent)
    // With its name, attributes and seal a cookie must stay below 4,096 bytes.
    expect(Math.ceil(Buffer.byteLength(JSON.stringify(all)) / 3) * 4).toBeLessThan(3_900)
  })

  test('opens its pages in order, and once sent its case alone', () => {
    expect(isPageOpen(begin(), 'contact')).toBe(false)
    expect(isPageOpen(filled(), 'contact')).toBe(true)
    const sent = sendRehearsal(filled(), now)
    expect(isPageOpen(sent, 'contact')).toBe(false)
    expect(isPageOpen(sent, 'case')).toBe(true)
  })
})

describe('the case of a rehearsal', () => {
  const place = { areaId: 'quan-3', unitId: 'quan-3', incidentType: 'snatched' } as const
  const carriers = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, name: id.toUpperCase() }))
  const rehearsed = (steps: number): Rehearsal => {
    let one = sendRehearsal(filled(), now)
    for (let at = 1; at <= steps; at++) one = takeCaseStep(one, addMilliseconds(now, at * HOUR))
    return one
  }

  test('goes the way of a real one: each step is a move of it, from the state before', () => {
    let state = 'submitted'
    for (const { name, to } of CASE_STEPS) {
      if (name === 'some_carriers') {
        expect(to).toBe(state)
        continue
      }
      expect(name in RULES).toBe(true)
      expect(ruleOf(name).from).toContain(state)
      const { to: leads } = ruleOf(name)
      expect(typeof leads === 'object' && leads !== null ? leads.states : [leads]).toContain(to)
      state = to
    }
    expect(state).toBe('blocked')
  })

  test.each([
    [0, 'submitted', 'now'],
    [1, 'under_review', 'next'],
    [2, 'verified', 'next'],
    [3, 'blocking', 'next'],
    [4, 'blocking', 'next'],
    [5, 'blocked', 'done'],
  ])('after %i steps is %s on every part of its page', (steps, state) => {
    const { snapshot, events } = rehearsedCase(rehearsed(steps), place, new Set())
    const standing = caseStanding(snapshot, { now, holidays: new Set() })
    expect(snapshot.state).toBe(state)
    expect(standing.chapter).toBe(state)
    expect(pastEntries(snapshot, events)[0]?.to).toBe(state)
    expect(standing.clocks.every(({ overdue }) => !overdue)).toBe(true)
    const way = drawWay(snapshot.state, standing.chapter)
    expect(way.every(({ when }) => when === 'done')).toBe(state === 'blocked')
    expect(nextEntries(snapshot, standing.chapter, { now, holidays: new Set() }).length > 0).toBe(
      state !== 'blocked',
    )
  })

  test('has the carriers answer one after the other, and ends', () => {
    const states = [3, 4, 5].map((steps) =>
      rehearsedLines(rehearsed(steps), carriers).map((one) => one.state),
    )
    expect(states).toEqual([
      ['acknowledged', 'acknowledged', 'acknowledged', 'acknowledged', 'acknowledged'],
      ['applied', 'applied', 'applied', 'acknowledged', 'acknowledged'],
      ['applied', 'applied', 'applied', 'applied', 'applied'],
    ])
    expect(rehearsedLines(rehearsed(2), carriers)).toEqual([])
    expect(nextCaseStep(rehearsed(5))).toBeNull()
    expect(takeCaseStep(rehearsed(5), now)).toEqual(rehearsed(5))
  })
})
